import { join } from 'node:path'
import type { Browser, BrowserContext, Cookie, Locator, Page } from 'playwright-core'

/** What a page shows. */
export interface Seen {
  /** Of the flash. */
  readonly notices: readonly string[]
  readonly alerts: readonly string[]
  /** What the account page lists, by name; empty on other pages. */
  readonly account: Readonly<Record<string, string>>
}

/** What came back for one request. */
export interface Answer {
  readonly url: string
  readonly status: number
  /** The session's Set-Cookie lines. */
  readonly lines: readonly string[]
}

/** Somebody with a browser, who is on one page at a time. */
export class Person {
  readonly #context: BrowserContext
  readonly #page: Page
  readonly #screenshots: string
  readonly #answers: Array<Promise<Answer>> = []
  #looks = 0

  private constructor(context: BrowserContext, page: Page, screenshots: string) {
    this.#context = context
    this.#page = page
    this.#screenshots = screenshots
    page.on('response', (response) => {
      const answer = response.headersArray().then((headers) => ({
        url: response.url(),
        status: response.status(),
        lines: headers
          .filter(({ name, value }) => name.toLowerCase() === 'set-cookie' && value.startsWith(`${COOKIE}=`))
          .map(({ value }) => value),
      }))
      this.#answers.push(answer)
      // Nobody may ask for it before the browser is gone.
      answer.catch(() => undefined)
    })
  }

  /** A person whom neither server knows. */
  static async with(browser: Browser, screenshots: string): Promise<Person> {
    const context = await browser.newContext({ viewport: { width: 720, height: 560 } })
    context.setDefaultTimeout(PATIENCE_MS)
    return new Person(context, await context.newPage(), screenshots)
  }

  async opens(url: string): Promise<void> {
    await this.#page.goto(url)
  }

  async types(label: string, text: string): Promise<void> {
    await this.#page.getByLabel(label).fill(text)
  }

  /** Presses a button or follows a link, and waits for the page that comes. */
  async presses(name: string): Promise<void> {
    const loaded = this.#page.waitForEvent('load')
    // When the click fails, that is the error.
    loaded.catch(() => undefined)
    await this.#button(name)
      .or(this.#page.getByRole('link', { name, exact: true }))
      .click()
    await loaded
  }

  /** Looks at the page, and keeps a picture of it. */
  async looks(picture: string): Promise<Seen> {
    const number = String(++this.#looks).padStart(2, '0')
    await this.#page.screenshot({ path: join(this.#screenshots, `${number}-${picture}.png`), fullPage: true })
    const texts = (selector: string): Promise<string[]> => this.#page.locator(selector).allTextContents()
    const [notices, alerts, names, values] = await Promise.all(['.notice', '.alert', 'dt', 'dd'].map(texts))
    return {
      notices: notices!,
      alerts: alerts!,
      account: Object.fromEntries(names!.map((name, i) => [name, values![i]!])),
    }
  }

  /** The token in the form with this button. */
  async readsToken(button: string): Promise<string> {
    return (await this.#token(button).getAttribute('value')) ?? ''
  }

  /** The token that the page has for scripts. */
  async readsMetaToken(): Promise<string> {
    return (await this.#page.locator('meta[name=csrf-token]').getAttribute('content')) ?? ''
  }

  /** Puts another token into the form with this button. */
  async forgesToken(button: string, token: string): Promise<void> {
    await this.#token(button).evaluate((input, value) => input.setAttribute('value', value), token)
  }

  /** The cookie of the session; undefined while there is none. */
  async cookie(): Promise<Cookie | undefined> {
    return (await this.#context.cookies()).find(({ name }) => name === COOKIE)
  }

  async replacesCookie(cookie: Cookie, value: string): Promise<void> {
    await this.#context.addCookies([{ ...cookie, value }])
  }

  /** Everything that came back so far, in order. */
  answers(): Promise<readonly Answer[]> {
    return Promise.all(this.#answers)
  }

  leaves(): Promise<void> {
    return this.#context.close()
  }

  #button(name: string): Locator {
    return this.#page.getByRole('button', { name, exact: true })
  }

  #token(button: string): Locator {
    return this.#page.locator('form', { has: this.#button(button) }).locator('[name=authenticity_token]')
  }
}

const COOKIE = '_shop_session'
const PATIENCE_MS = 5_000
