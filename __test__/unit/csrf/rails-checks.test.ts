import { describe, expect, it } from 'vitest'
import { checkOrigin } from '../../../index.ts'
import { SessionCsrf } from '../../../src/csrf/csrf.ts'
import { formPath, requestPath } from '../../../src/csrf/form-path.ts'
import { ConfigError } from '../../../src/errors.ts'
import { settings } from './settings.ts'
import { jsonLines } from '../../support/recorded.ts'

/** What Rails answered, or the class of what it raised: `rails-checks.rb` writes it. */
type Answered<T> = { answer: T } | { raised: string }
type Row = { rails: string } & (
  | ({ check: 'origin'; https: boolean; host: string; origin: string | null } & Answered<boolean>)
  | ({ check: 'form path'; action: string } & Answered<string>)
  | ({ check: 'request'; method: string; path: string; origin: string | null } & Sent & Answered<boolean>)
  | { check: 'tokens'; session_token: string; [name: string]: string }
)
/** The names of the tokens in the parameter and in the header. */
interface Sent {
  token: string | null
  header: string | null
}

const rows = jsonLines(new URL('rails-checks.jsonl', import.meta.url)) as Row[]

describe.each([...new Set(rows.map(({ rails }) => rails))])('what Rails %s answered', (rails) => {
  const ofRails = rows.filter((row) => row.rails === rails)

  it('to Origin headers', () => {
    const origins = ofRails.filter((row) => row.check === 'origin')
    expect(origins).toHaveLength(196)
    for (const row of origins) {
      const { https, host, origin } = row
      expect({ ...row, ours: checkOrigin(origin, { https, host }) }).toEqual({ ...row, ours: originVerdict(row) })
    }
  })

  it('for the paths of forms, but for the relative ones', () => {
    const paths = ofRails.filter((row) => row.check === 'form path')
    const relative = paths.filter(({ action }) => !/^(?:\/|https?:)/.test(action)).map(({ action }) => action)
    expect(relative).toEqual(['posts', './posts', '', '?a=1', '#a', 'mailto:a@b.example'])
    for (const row of paths) {
      const refused = 'raised' in row || relative.includes(row.action)
      expect([row.action, pathOf(row.action)]).toEqual([row.action, refused ? null : row.answer])
    }
  })

  it('to requests', () => {
    const tokens = ofRails.find((row) => row.check === 'tokens')!
    const requests = ofRails.filter((row) => row.check === 'request')
    expect(requests).toHaveLength(279)
    for (const row of requests) {
      const { method, path, origin } = row
      const csrf = new SessionCsrf(new Map([['_csrf_token', tokens.session_token]]), settings())
      const token = row.token === null ? null : tokens[row.token]
      const xCsrfToken = row.header === null ? null : tokens[row.header]
      const ours = csrf.verifyRequest({ method, path, token, xCsrfToken, origin, host: 'shop.example', https: false })
      expect({ ...row, ours: ours.ok }).toEqual({ ...row, ours: 'answer' in row && row.answer })
      expect(!ours.ok && ours.reason === 'null_origin').toBe('raised' in row)
    }
  })
})

function pathOf(action: string): string | null {
  try {
    return formPath(action)
  } catch (error) {
    if (error instanceof ConfigError) return null
    throw error
  }
}

function originVerdict(row: Answered<boolean>): object {
  if ('raised' in row) return { ok: false, reason: 'null_origin' }
  return row.answer ? { ok: true } : { ok: false, reason: 'wrong_origin' }
}

describe('requestPath', () => {
  it.each([
    ['/posts/1', '/posts/1'],
    ['/posts/1/', '/posts/1'],
    ['/posts/1//', '/posts/1/'],
    ['/posts/1/?a=/', '/posts/1'],
    ['/posts#a?b', '/posts'],
    ['/', ''],
    ['/?a', ''],
    // A request through a proxy.
    ['http://shop.example/posts/1?a=1', '/posts/1'],
    ['https://shop.example', ''],
    // Rack takes no host out of this one.
    ['//shop.example/posts', '//shop.example/posts'],
    ['*', '*'],
    ['', ''],
  ])('of %s is %s', (target, path) => {
    expect(requestPath(target)).toBe(path)
  })
})
