import { isDeepStrictEqual } from 'node:util'
import { describe, expect, it } from 'vitest'
import {
  type CookieOptions,
  type RequestOrigin,
  mergeAttributes,
  resolveAttributes,
} from '../../../src/cookies/attributes.ts'
import { findCookie, parseCookies } from '../../../src/cookies/cookie-header.ts'
import { formEscape, formUnescape } from '../../../src/cookies/escape.ts'
import { permanentExpiry, sessionExpiry } from '../../../src/cookies/expiry.ts'
import { deleteCookieLine, setCookieLine, type RackVersion, type SameSite } from '../../../src/cookies/set-cookie.ts'
import { atLeast, type RailsVersion } from '../../../src/rails/version.ts'
import { jsonLines } from '../../support/recorded.ts'

/** Options by their Rails names; `delete` and `permanent` stand for the methods of the jar. */
interface RailsOptions {
  cookies_same_site_protection?: SameSite | null
  delete?: boolean
  domain?: string | string[]
  expire_after?: number
  expires?: string
  httponly?: boolean
  max_age?: number
  partitioned?: boolean
  path?: string
  permanent?: boolean
  same_site?: string | null
  secure?: boolean
  tld_length?: number
}

interface Answer {
  rails: string[]
  answer: unknown
}

type Case = { id: string; answers: Answer[] } & (
  | { op: 'parse'; cookie_header: string }
  | { op: 'escape'; name: string; value: string; rack_escape: string }
  | { op: 'session_set_cookie'; options: RailsOptions; https: boolean; host: string }
  | { op: 'set_cookie'; name: string; value: string; options: RailsOptions; https: boolean; host: string }
)

const [{ now, racks }, ...cases] = jsonLines(new URL('rails-headers.jsonl', import.meta.url)) as [
  { now: string; racks: Record<string, string> },
  ...Case[],
]
const clock = Date.parse(now)

/** Why a Rails on an old or a very new rack answers differently, and where. Nothing else may differ. */
const RACK_SPELLING: Array<{ why: string; rails: string[]; ids: string[] }> = [
  {
    why: 'rack before 2.2 splits a Cookie header at commas',
    rails: ['3.2', '4.0', '4.1', '4.2', '5.0', '5.1'],
    ids: ['cookie_header/comma', 'cookie_header/comma_in_val'],
  },
  {
    why: 'rack before 2.2 unescapes names of cookies',
    rails: ['3.2', '4.0', '4.1', '4.2', '5.0', '5.1'],
    ids: ['cookie_header/name_pct', 'cookie_header/name_plus', 'cookie_header/dup_encoded_name'],
  },
  {
    why: 'rack 1.4 writes 07-Dec-2026, rack 1.5 to 2.0 -0000 for GMT',
    rails: ['3.2', '4.0', '4.1', '4.2', '5.0', '5.1'],
    ids: [
      'session_set_cookie/expire_after',
      'session_set_cookie/everything',
      'set_cookie/expires',
      'set_cookie/permanent',
      'set_cookie/delete',
      'set_cookie/delete_path_domain',
    ],
  },
  {
    why: 'rack before 1.6 has no SameSite',
    rails: ['3.2', '4.0', '4.1'],
    ids: [
      'session_set_cookie/same_site_strict',
      'session_set_cookie/same_site_lax',
      'set_cookie/same_site_strict',
      'set_cookie/same_site_string',
    ],
  },
  {
    why: 'rack before 1.6 has no SameSite, and rack 1.6 raises for None',
    rails: ['3.2', '4.0', '4.1', '4.2'],
    ids: ['session_set_cookie/same_site_none', 'session_set_cookie/partitioned', 'set_cookie/same_site_none'],
  },
  {
    why: 'rack 1.4 has no max-age, and rack 1.5 raises for a number',
    rails: ['3.2', '4.0', '4.1'],
    ids: ['set_cookie/max_age'],
  },
  {
    why: 'rack 3.2 raises for names that are not tokens',
    rails: ['8.2'],
    ids: ['escape/name_space', 'escape/name_unicode', 'escape/name_reserved', 'escape/name_brackets'],
  },
]

describe('Cookie and Set-Cookie headers of real Rails', () => {
  it('has every operation and rack generation in its data', () => {
    expect(new Set(cases.map(({ op }) => op)).size).toBe(4)
    expect(Object.values(racks).map((rack) => rack.slice(0, 3))).toEqual(
      expect.arrayContaining(['1.4', '1.5', '1.6', '2.0', '2.2', '3.1', '3.2']),
    )
  })

  for (const [rails, rack] of Object.entries(racks)) {
    it(`agrees with Rails ${rails} on rack ${rack}`, () => {
      const recorded = new Map<string, unknown>()
      const ours = new Map<string, unknown>()
      for (const example of cases) {
        if (isSpelling(rails, example.id)) continue
        recorded.set(example.id, answerOf(example, rails))
        ours.set(example.id, ourAnswer(example, rails.slice(0, 3) as RailsVersion, rackVersionOf(rails)))
      }
      expect(ours.size).toBeGreaterThan(70)
      expect(ours).toEqual(recorded)
    })
  }

  it.each(RACK_SPELLING)('differs only where it must: $why', ({ rails, ids }) => {
    const agreeing = ids.flatMap((id) => {
      const example = cases.find((candidate) => candidate.id === id)!
      return rails.filter((version) => {
        const ours = ourAnswer(example, version as RailsVersion, rackVersionOf(version))
        return isDeepStrictEqual(ours, answerOf(example, version))
      })
    })
    expect(agreeing).toEqual([])
  })

  it('escapes values as Rack does', () => {
    const escapes = cases.filter((example) => example.op === 'escape')
    expect(escapes.map(({ value }) => formEscape(value))).toEqual(escapes.map((example) => example.rack_escape))
  })

  it('finds single cookies as it parses all', () => {
    for (const example of cases) {
      if (example.op !== 'parse') continue
      for (const [name, value] of parseCookies(example.cookie_header)) {
        const found = findCookie(example.cookie_header, name)
        expect(found === undefined ? null : formUnescape(found)).toEqual(value)
      }
    }
  })
})

function rackVersionOf(rails: string): RackVersion {
  return racks[rails]! < '3' ? '2' : '3'
}

function isSpelling(rails: string, id: string): boolean {
  return RACK_SPELLING.some((entry) => entry.rails.includes(rails) && entry.ids.includes(id))
}

function answerOf(example: Case, rails: string): unknown {
  return example.answers.find((candidate) => candidate.rails.includes(rails))!.answer
}

function ourAnswer(example: Case, rails: RailsVersion, rack: RackVersion): unknown {
  if (example.op === 'parse') {
    return [...parseCookies(example.cookie_header)].map(([name, value]) => [
      name,
      value instanceof Uint8Array ? { b64: Buffer.from(value).toString('base64') } : value,
    ])
  }
  if (example.op === 'escape') {
    const attributes = mergeAttributes({}, defaultsOf({}, rails), { https: false }, rails)
    return setCookieLine(example.name, formEscape(example.value), attributes, rack)
  }
  const { options, https, host } = example
  const request: RequestOrigin = { https, host }
  const given = ourOptions(options)
  const defaults = defaultsOf(options, rails)
  if (example.op === 'session_set_cookie') {
    const expires = sessionExpiry({ expireAfterSeconds: options.expire_after }, clock)
    const attributes = resolveAttributes(
      { ...given, expires },
      { ...defaults, httpOnly: true },
      request,
      rails,
      'session',
    )
    return attributes && setCookieLine('n', '', attributes, rack).slice('n='.length)
  }
  if (options.delete) {
    return deleteCookieLine(example.name, mergeAttributes(given, defaults, request, rails), rack)
  }
  if (options.permanent) Object.assign(given, { expires: permanentExpiry(clock) })
  const attributes = resolveAttributes(given, defaults, request, rails, 'jar')
  return attributes && setCookieLine(example.name, formEscape(example.value), attributes, rack)
}

/** Rails 6.1 brought `cookies_same_site_protection`; the recorder had it at lax unless the case says otherwise. */
function defaultsOf(options: RailsOptions, rails: RailsVersion): CookieOptions {
  if (!atLeast(rails, '6.1')) return {}
  const { cookies_same_site_protection: sameSite = 'lax' } = options
  return { sameSite }
}

function ourOptions(options: RailsOptions): CookieOptions {
  return {
    domain: options.domain,
    tldLength: options.tld_length,
    path: options.path,
    maxAgeSeconds: options.max_age,
    expires: options.expires === undefined ? undefined : new Date(options.expires),
    secure: options.secure,
    httpOnly: options.httponly,
    sameSite: (options.same_site?.toLowerCase() ?? options.same_site) as SameSite | null | undefined,
    partitioned: options.partitioned,
  }
}
