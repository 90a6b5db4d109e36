import { describe, expect, it } from 'vitest'
import type { Cookie, RailsOptions, RailsVersion } from '../../../index.ts'
import { CookieOverflowError } from '../../../src/errors.ts'
import { application, unescaped } from '../../support/application.ts'

const rails = (loadDefaults: RailsVersion, more: RailsOptions = {}): RailsOptions => ({
  loadDefaults,
  cookiesSerializer: 'json',
  overflow: 'rails',
  session: { key: 'lim' },
  ...more,
})

function overflow(action: () => unknown): CookieOverflowError {
  try {
    action()
  } catch (error) {
    if (error instanceof CookieOverflowError) return error
    throw error
  }
  throw new Error('nothing overflowed')
}

/**
 * The longest texts that Rails sealed in a cookie `lim` (for the session: under the key `pad`), and the bytes of the
 * messages. A letter more raised CookieOverflow; to that, Rails 7.1 and later gave the size.
 */
const LARGEST: ReadonlyArray<
  [version: RailsVersion, jar: 'session' | 'signed' | 'encrypted', pad: number, bytes: number, over?: number]
> = [
  ['4.2', 'session', 2197, 4090],
  ['4.2', 'signed', 3037, 4094],
  ['4.2', 'encrypted', 2253, 4090],
  ['5.2', 'session', 2981, 4096],
  ['5.2', 'signed', 3037, 4094],
  ['5.2', 'encrypted', 3037, 4096],
  ['6.1', 'session', 2180, 4096],
  ['6.1', 'signed', 2236, 4094],
  ['6.1', 'encrypted', 2236, 4096],
  ['7.1', 'session', 2180, 4096, 4104],
  ['7.1', 'signed', 2236, 4094, 4102],
  ['7.1', 'encrypted', 2236, 4096, 4104],
  ['8.0', 'session', 2180, 4096, 4104],
  ['8.0', 'signed', 2236, 4094, 4102],
  ['8.0', 'encrypted', 2236, 4096, 4104],
  ['8.1', 'session', 2177, 4092, 4099],
  ['8.1', 'signed', 2233, 4090, 4097],
  ['8.1', 'encrypted', 2233, 4092, 4099],
]

describe('where Rails draws the line', () => {
  it.each(LARGEST)('Rails %s, %s: %d letters fit, in a message of %d bytes', (version, jar, pad, bytes, over) => {
    const reader = application(rails(version))
    const seal = (length: number): string =>
      jar === 'session'
        ? reader.session.seal({ session_id: 'f'.repeat(32), pad: 'p'.repeat(length) })
        : reader.cookies[jar]('lim').seal('p'.repeat(length))
    expect(unescaped(seal(pad))).toHaveLength(bytes)
    const error = overflow(() => seal(pad + 1))
    expect(error.bytes).toBe(over ?? error.bytes)
    expect(error.bytes).toBeGreaterThan(4096)
    expect(error.limit).toBe(4096)
    expect(error.message).toContain(
      `cookie lim has ${error.bytes} bytes, over 4096: Rails ${version} raises CookieOverflow`,
    )
  })

  it('4096 fit and 4097 do not; 8.1 counts the name', () => {
    // A serializer that writes as many bytes as it is told, so that every size can be had.
    const cookie = (loadDefaults: RailsVersion, name: string): Cookie =>
      application(
        rails(loadDefaults, {
          useCookiesWithMetadata: false,
          cookiesSerializer: { dump: (length) => 'x'.repeat(length as number), load: () => null },
        }),
      ).cookies.signed(name)
    // 4096 bytes of message: 4054 for the base64, of which only 4052 = 3039 / 3 * 4 can be used.
    const largest = (version: RailsVersion, name: string): number => {
      let length = 3100
      for (;;) {
        try {
          return unescaped(cookie(version, name).seal(length)).length
        } catch {
          length -= 1
        }
      }
    }
    expect(largest('8.0', 'n')).toBe(4052 + 42)
    expect(largest('8.0', 'n'.repeat(500))).toBe(4052 + 42)
    expect(largest('8.1', 'nn')).toBe(4052 + 42)
    expect(largest('8.1', 'nnn')).toBe(4048 + 42)
    expect(largest('8.1', 'é')).toBe(4052 + 42)
    expect(largest('8.1', 'éé')).toBe(4048 + 42)
  })
})

describe('what browsers accept', () => {
  it('is counted on the escaped line, with the name', () => {
    const cookie = application({ loadDefaults: '8.0', overflow: 'browser' }).cookies.signed('lim')
    const lenient = application({ loadDefaults: '8.0', overflow: 'rails' }).cookies.signed('lim')
    const fits = 'p'.repeat(2227)
    expect('lim'.length + cookie.seal(fits).length).toBeLessThanOrEqual(4096)
    const over = 'p'.repeat(2236)
    expect(lenient.seal(over).length + 'lim'.length).toBeGreaterThan(4096)
    const error = overflow(() => cookie.seal(over))
    expect(error.bytes).toBe('lim'.length + lenient.seal(over).length)
    expect(error.message).toContain("browsers drop it (overflow: 'rails' checks only what Rails checks)")
  })

  it('counts the name as it is sent', () => {
    const options = { loadDefaults: '8.0', rackVersion: '2' } as const
    const bytes = overflow(() => application(options).cookies.plain('é').seal('x'.repeat(4091))).bytes
    expect(bytes).toBe('%C3%A9'.length + 4091)
    expect(application(options).cookies.plain('é').seal('x'.repeat(4090))).toHaveLength(4090)
  })
})

describe('bytesPerKey', () => {
  it('lists serialized bytes, largest first, adding up to the payload', () => {
    const data = { session_id: 'f'.repeat(32), small: 1, cart: ['x'.repeat(3000)], text: 'é'.repeat(900), none: null }
    const error = overflow(() => application().session.seal(data))
    expect(error.bytesPerKey).toEqual([
      ['cart', 3004],
      ['text', 1802],
      ['session_id', 34],
      ['small', 1],
    ])
    expect(error.message).toContain('largest keys in bytes: cart 3004, text 1802, session_id 34, small 1')
    const { none: _, ...kept } = data
    const keys = Object.keys(kept).map((key) => JSON.stringify(key).length + ':'.length)
    const braces = 2
    const commas = keys.length - 1
    const sum = [...keys, ...error.bytesPerKey.map(([, bytes]) => bytes)].reduce((total, bytes) => total + bytes)
    expect(sum + braces + commas).toBe(Buffer.byteLength(JSON.stringify(kept)))
  })

  it('names five in the message, all in the property', () => {
    const data = Object.fromEntries(Array.from({ length: 9 }, (_, i) => [`key${i}`, 'x'.repeat(400 + i)]))
    const error = overflow(() => application().cookies.signed('c').seal(data))
    expect(error.message).toMatch(/: key8 410, key7 409, key6 408, key5 407, key4 406$/)
    expect(error.bytesPerKey).toHaveLength(9)
  })

  it.each<[string, unknown]>([
    ['text', 'x'.repeat(5000)],
    ['an array', ['x'.repeat(5000)]],
    ['a Map', new Map([['a', 'x'.repeat(5000)]])],
  ])('is empty for %s', (_, value) => {
    expect(overflow(() => application().cookies.signed('c').seal(value)).bytesPerKey).toEqual([])
  })

  it('is empty where a serializer of the application takes whole values only', () => {
    const cookiesSerializer = {
      dump(value: unknown): string {
        if (typeof value !== 'object') throw new Error('whole sessions only')
        return JSON.stringify(value)
      },
      load: () => null,
    }
    const error = overflow(() => application({ cookiesSerializer }).session.seal({ pad: 'x'.repeat(5000) }))
    expect(error.bytesPerKey).toEqual([])
  })
})
