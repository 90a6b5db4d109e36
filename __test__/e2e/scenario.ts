import type { Person } from './person.ts'

/** A person between two applications. */
export interface Scene {
  readonly person: Person
  /** Addresses, without a path. */
  readonly rails: string
  readonly node: string
  /** As the Node application calls itself. */
  readonly framework: string
  expect(what: string, actual: unknown, expected: unknown): void
}

/** What a person does, and what they must see then. */
export type Step = (scene: Scene) => Promise<void>

/** In this order, with the same browser. */
export const STEPS: readonly Step[] = [
  looksAtNodeAsStranger,
  mistypesPasswordAtRails,
  logsInAtRails,
  seesThemselvesInNode,
  changesSessionInNode,
  seesChangeInRails,
  sendsFormOfRailsToNode,
  getsReminderOfRailsInNode,
  sendsForgedFormToNode,
  sendsTokenOfNodeToRails,
  logsOutInNode,
  logsOutAtRails,
  tampersWithCookie,
  neverGotTwoCookiesAtOnce,
]

async function looksAtNodeAsStranger({ person, node, expect }: Scene): Promise<void> {
  await person.opens(`${node}/account`)
  const { account } = await person.looks('stranger-in-node')
  expect('Node knows nobody', account, { user: 'nobody' })
  expect('and sets no cookie', await person.cookie(), undefined)
}

async function mistypesPasswordAtRails({ person, rails, expect }: Scene): Promise<void> {
  await logIn(person, rails, 'analytical motor')
  const { alerts } = await person.looks('wrong-password-at-rails')
  expect('Rails refuses', alerts, ['Wrong e-mail or password'])
}

async function logsInAtRails({ person, rails, expect }: Scene): Promise<void> {
  await logIn(person, rails)
  const { notices, account } = await person.looks('logged-in-at-rails')
  expect('Rails says so', notices, ['Logged in by Rails'])
  expect('Rails knows the user', account['user'], USER_IN_RAILS)
  expect('it is the first visit', account['visits'], '1')
}

async function seesThemselvesInNode({ person, node, expect }: Scene): Promise<void> {
  const inRails = await person.looks('before-node')
  const cookie = await person.cookie()
  await person.presses('To Node')
  const { account, notices } = await person.looks('user-in-node')
  expect('Node knows the user that Devise keeps', account['user'], USER_IN_NODE)
  expect('by the same session id', idOf(account), idOf(inRails.account))
  expect('it is the second visit', account['visits'], '2')
  expect('the flash was shown by Rails already', notices, [])
  const written = await person.cookie()
  expect('Node wrote the cookie', written?.value === cookie?.value, false)
  expect('with the attributes that Rails gives it', { ...written, value: '' }, { ...cookie, value: '' })
  await person.opens(`${node}/account`)
  expect('it is the third visit', (await person.looks('reloaded-node')).account['visits'], '3')
}

async function changesSessionInNode({ person, expect }: Scene): Promise<void> {
  for (const item of ['tea', 'thé “vert”']) {
    // oxlint-disable-next-line no-await-in-loop -- a person does one thing after the other
    await person.types('Item', item)
    // oxlint-disable-next-line no-await-in-loop -- as above
    await person.presses('Put into cart')
  }
  const { account } = await person.looks('cart-in-node')
  expect('Node shows the cart', account['cart'], "[ 'tea', 'thé “vert”' ]")
}

async function seesChangeInRails({ person, expect }: Scene): Promise<void> {
  const inNode = await person.looks('before-rails')
  await person.presses('To Rails')
  const { account } = await person.looks('cart-in-rails')
  expect('Rails shows the cart', account['cart'], '["tea", "thé “vert”"]')
  expect('Rails still knows the user', account['user'], USER_IN_RAILS)
  expect('by the same session id', idOf(account), idOf(inNode.account))
  expect('Rails counts on where Node stopped', account['visits'], String(Number(inNode.account['visits']) + 1))
  expect('the Float is still one', account['credit'], '20.0')
  expect('the large Integer has all its digits', account['receipt'], '12345678901234567890123')
}

async function sendsFormOfRailsToNode({ person, rails, framework, expect }: Scene): Promise<void> {
  await person.opens(`${rails}/account`)
  await person.types('Nickname', 'Countess')
  await person.presses('Save in Node')
  const { account, notices } = await person.looks('nickname-saved-by-node')
  expect('Node took the form', account['nickname'], '"Countess"')
  expect('Rails shows the flash that Node set', notices, [`Nickname saved by ${framework}`])
  await person.opens(`${rails}/account`)
  expect('only once', (await person.looks('reloaded-rails')).notices, [])
}

async function getsReminderOfRailsInNode({ person, rails, node, expect }: Scene): Promise<void> {
  await person.opens(`${rails}/account`)
  await person.presses('Remind me in Node')
  const { account, notices } = await person.looks('reminder-in-node')
  expect('Node shows the flash that Rails set', notices, ['A reminder from Rails'])
  expect('and still knows the user', account['user'], USER_IN_NODE)
  await person.opens(`${node}/account`)
  expect('only once', (await person.looks('reloaded-node')).notices, [])
  await person.opens(`${rails}/account`)
  expect('in Rails neither', (await person.looks('no-reminder-in-rails')).notices, [])
}

async function sendsForgedFormToNode({ person, rails, expect }: Scene): Promise<void> {
  const send = async (nickname: string, token: (own: string) => string | Promise<string>): Promise<number> => {
    await person.opens(`${rails}/account`)
    await person.types('Nickname', nickname)
    await person.forgesToken('Save in Node', await token(await person.readsToken('Save in Node')))
    await person.presses('Save in Node')
    await person.looks(`forged-${nickname}`)
    const answers = await person.answers()
    return answers.findLast(({ url }) => url.endsWith('/nickname'))?.status ?? 0
  }
  expect('Node refuses a form without a token', await send('nothing', () => ''), 422)
  expect('and one whose token was altered', await send('altered', altered), 422)
  expect('and one with the token of another form', await send('other', () => person.readsToken('Log out')), 422)
  await person.opens(`${rails}/account`)
  expect('nothing was changed', (await person.looks('nickname-kept')).account['nickname'], '"Countess"')
  expect('the token for scripts is good for any form', await send('meta', () => person.readsMetaToken()), 303)
}

async function sendsTokenOfNodeToRails({ person, rails, node, expect }: Scene): Promise<void> {
  const send = async (picture: string, token: string): Promise<number> => {
    await person.opens(`${rails}/account`)
    await person.forgesToken('Remind me in Node', token)
    await person.presses('Remind me in Node')
    await person.looks(picture)
    const answers = await person.answers()
    return answers.findLast(({ url }) => url === `${rails}/reminder`)?.status ?? 0
  }
  await person.opens(`${node}/account`)
  const [token, tokenOfForm] = [await person.readsMetaToken(), await person.readsToken('Put into cart')]
  expect('Rails takes the token for scripts', await send('token-of-node-at-rails', token), 302)
  expect('and refuses that of another form', await send('token-of-form-at-rails', tokenOfForm), 422)
}

async function logsOutInNode({ person, node, framework, expect }: Scene): Promise<void> {
  await person.opens(`${node}/account`)
  const before = await person.looks('before-log-out-in-node')
  await person.presses('Log out')
  const inNode = await person.looks('logged-out-in-node')
  expect('Node says so', inNode.notices, [`Logged out by ${framework}`])
  expect('Node knows nobody', inNode.account['user'], 'nobody')
  await person.presses('To Rails')
  const { account } = await person.looks('logged-out-in-rails')
  expect('Rails knows nobody', account['user'], 'nobody')
  expect('Rails got a session', /^[0-9a-f]{32}$/.test(idOf(account)), true)
  expect('which is another', idOf(account) === idOf(before.account), false)
  expect('and empty', [account['cart'], account['credit'], account['visits']], [undefined, undefined, undefined])
}

async function logsOutAtRails({ person, rails, node, expect }: Scene): Promise<void> {
  await logIn(person, rails)
  await person.opens(`${node}/account`)
  expect('Node knows the user', (await person.looks('back-in-node')).account['user'], USER_IN_NODE)
  await person.opens(`${rails}/account`)
  await person.presses('Log out')
  const { notices, account } = await person.looks('logged-out-at-rails')
  expect('Rails says so', notices, ['Logged out by Rails'])
  expect('Rails knows nobody', account['user'], 'nobody')
  await person.presses('To Node')
  expect('Node knows nobody', (await person.looks('nobody-in-node')).account['user'], 'nobody')
}

async function tampersWithCookie({ person, rails, node, expect }: Scene): Promise<void> {
  await logIn(person, rails)
  const cookie = (await person.cookie())!
  const { value } = cookie
  const look = async (url: string, changed: string, picture: string): Promise<string | undefined> => {
    await person.replacesCookie(cookie, changed)
    await person.opens(`${url}/account`)
    return (await person.looks(picture)).account['user']
  }
  for (const [what, changed] of [
    ['altered', altered(value)],
    ['shortened', value.slice(0, -8)],
    ['empty', ''],
    ['not ours', 'hello'],
  ] as const) {
    // oxlint-disable-next-line no-await-in-loop -- there is one browser
    expect(`a cookie that is ${what} is none in Rails`, await look(rails, changed, 'tampered-in-rails'), 'nobody')
    // oxlint-disable-next-line no-await-in-loop -- as above
    expect('and in Node', await look(node, changed, 'tampered-in-node'), 'nobody')
  }
  expect('as it was, it is good in Rails', await look(rails, value, 'restored-in-rails'), USER_IN_RAILS)
  expect('and in Node', await look(node, value, 'restored-in-node'), USER_IN_NODE)
}

async function neverGotTwoCookiesAtOnce({ person, expect }: Scene): Promise<void> {
  const answers = await person.answers()
  expect(
    'no answer had two lines for the session',
    answers.filter(({ lines }) => lines.length > 1),
    [],
  )
  expect(
    'no server failed',
    answers.filter(({ status }) => status >= 500),
    [],
  )
}

async function logIn(person: Person, rails: string, password = 'analytical engine'): Promise<void> {
  await person.opens(`${rails}/login/new`)
  await person.types('E-mail', 'ada@example.org')
  await person.types('Password', password)
  await person.presses('Log in')
}

/** With another letter in the middle. */
function altered(text: string): string {
  const middle = text.search(/(?<=^.{40,})[A-Za-z]/)
  return text.slice(0, middle) + (text[middle] === 'A' ? 'B' : 'A') + text.slice(middle + 1)
}

/** The session id, which Ruby and JavaScript quote differently. */
function idOf(account: Readonly<Record<string, string>>): string {
  return account['session_id']?.slice(1, -1) ?? ''
}

const USER_IN_RAILS = 'ada@example.org'
const USER_IN_NODE = 'user 1'
