import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Keyring, SealFlag } from '../../src/backend/backend.ts'
import { type Answer, parseAnswer, plaintextOf, statusOf, open } from './answer.ts'
import { backends } from './backends.ts'
import { keyBytes, type SchemeSpec, schemeOf, sign, SPECS } from './crafted.ts'

/**
 * Random calls, answered by all backends alike. Every property also says something about a single backend, so that
 * the test means something where there is only one.
 */
const RUNS = { seed: 20_261_124, endOnFailure: false } as const

const ALL_SPECS: readonly SchemeSpec[] = Object.values(SPECS)

/** The same keyring from every backend; always at least one. */
function keyringsOf(specs: readonly SchemeSpec[]): readonly Keyring[] {
  return backends.map((backend) => backend.keyring(specs.map((spec) => schemeOf(backend, spec))))
}

/** What all keyrings answer. Fails if they differ. */
function answerOf(keyrings: readonly Keyring[], call: (keyring: Keyring) => string): string {
  const [first = '', ...others] = keyrings.map(call)
  for (const other of others) expect(other).toBe(first)
  return first
}

function ivFor(spec: SchemeSpec, seed: number): Uint8Array {
  return keyBytes(spec.kind === 'signed' ? 0 : spec.kind === 'cbc' ? 16 : 12, seed)
}

const schemeNumber = fc.nat({ max: ALL_SPECS.length - 1 })
const ivSeed = fc.nat({ max: 255 })

/** Payloads as the layers above hand them over: text, or a character for each byte. */
const payload: fc.Arbitrary<{ text: string; flags: number }> = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 300 }).map((text) => ({ text, flags: 0 })),
  fc.json({ maxDepth: 3 }).map((text) => ({ text, flags: 0 })),
  fc.uint8Array({ maxLength: 300 }).map((bytes) => ({ text: Buffer.from(bytes).toString('latin1'), flags: 1 })),
  fc.nat({ max: 20_000 }).map((length) => ({ text: 'x'.repeat(length), flags: 0 })),
)

const value = fc.oneof(
  fc.constant('null'),
  fc.string({ minLength: 1, maxLength: 130 }).map((text) => `"${text}"`),
  fc.constantFrom('"cookie._app_session"', '"2026-11-23T13:00:00.000Z"', '""', '1', '"\\u003c"', '"é"'),
)
const tail = fc.oneof(
  fc.constant(''),
  fc.tuple(value, value).map(([exp, pur]) => `","exp":${exp},"pur":${pur}}}`),
  fc.string({ unit: 'grapheme', maxLength: 20 }),
)

/** Damage to a text, as a function of it. */
const damage: fc.Arbitrary<(text: string) => string> = fc
  .tuple(
    fc.constantFrom(
      'replace',
      'insert',
      'delete',
      'cut',
      'cutFront',
      'double',
      'escape',
      'case',
      'swap',
      'url',
    ) as fc.Arbitrary<
      'replace' | 'insert' | 'delete' | 'cut' | 'cutFront' | 'double' | 'escape' | 'case' | 'swap' | 'url'
    >,
    fc.nat(),
    fc.oneof(
      fc.constantFrom(
        '=',
        '-',
        '--',
        '_',
        '+',
        '/',
        '%',
        '%2B',
        '%2d',
        ' ',
        '\n',
        '\0',
        'é',
        '\ud800',
        '\u0141',
        'A',
        '0',
      ),
      fc.string({ maxLength: 3 }),
    ),
  )
  .map(([kind, number, characters]) => (text) => {
    const at = text.length === 0 ? 0 : number % text.length
    switch (kind) {
      case 'replace':
        return text.slice(0, at) + characters + text.slice(at + characters.length)
      case 'insert':
        return text.slice(0, at) + characters + text.slice(at)
      case 'delete':
        return text.slice(0, at) + text.slice(at + 1)
      case 'cut':
        return text.slice(0, at)
      case 'cutFront':
        return text.slice(at)
      case 'double':
        return text + text
      case 'escape': {
        const escape = `%${text.charCodeAt(at).toString(16).padStart(2, '0')}`
        return text.slice(0, at) + escape + text.slice(at + 1)
      }
      case 'case':
        return text.slice(0, at) + text.slice(at).toUpperCase()
      case 'swap':
        return text.split('--').toReversed().join('--')
      case 'url':
        return text.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
    }
  })

describe(`differential: ${backends.map(({ name }) => name).join(' and ')}`, () => {
  const all = keyringsOf(ALL_SPECS)
  const single = ALL_SPECS.map((spec) => keyringsOf([spec]))
  const keyringsFor = (number: number) => single[number] ?? all

  it('seals alike under the same IV, and each opens what the others seal', () => {
    fc.assert(
      fc.property(schemeNumber, payload, tail, fc.boolean(), ivSeed, (number, { text, flags }, end, escape, seed) => {
        const spec = ALL_SPECS[number] ?? SPECS.signed
        const keyrings = keyringsFor(number)
        const sealFlags = flags | (escape ? SealFlag.ESCAPE : 0)
        const message = answerOf(keyrings, (keyring) => keyring.sealWithIv(text, end, sealFlags, ivFor(spec, seed)))

        const bytes = Buffer.from(text, flags & SealFlag.BYTES ? 'latin1' : 'utf8')
        const plaintext = end === '' ? bytes : Buffer.from(`{"_rails":{"message":"${bytes.toString('base64')}${end}`)
        const messages = [message, ...keyrings.map((keyring) => keyring.seal(text, end, sealFlags))]
        for (const sealed of messages) {
          const answer = answerOf(keyrings, (keyring) => open(keyring, sealed, escape, 0))
          // Rails can write an empty plaintext in these two, and cannot read it.
          const unreadable = plaintext.length === 0 && spec.kind !== 'cbc'
          expect(outcomeOf(answer)).toBe(unreadable ? 'MALFORMED' : plaintext.toString('base64'))
        }
      }),
      { ...RUNS, numRuns: 800 },
    )
  })

  it('answers damaged messages alike, and opens none to another plaintext', () => {
    const damages = fc.array(damage, { minLength: 1, maxLength: 3 })
    fc.assert(
      fc.property(schemeNumber, payload, tail, damages, fc.boolean(), fc.nat({ max: 8 }), ivSeed, (...drawn) => {
        const [number, { text, flags }, end, changes, escaped, from, seed] = drawn
        const spec = ALL_SPECS[number] ?? SPECS.signed
        const iv = ivFor(spec, seed)
        const sealed = keyringsFor(number)[0]?.sealWithIv(text, end, flags | (escaped ? SealFlag.ESCAPE : 0), iv) ?? ''
        const damaged = changes.reduce((message, change) => change(message), sealed)

        const original = parseAnswer(answerOf(keyringsFor(number), (keyring) => open(keyring, sealed, escaped, 0)))
        const answer = parseAnswer(answerOf(all, (keyring) => open(keyring, damaged, escaped, from)))
        expect(answer).toEqual(answer.status === 'OK' ? { ...original, scheme: number } : { status: answer.status })
      }),
      { ...RUNS, numRuns: 1000 },
    )
  })

  it('answers any text alike, and opens none', () => {
    const alphabet = fc.constantFrom(...'AQgw+/=-_%2Bb0 \n\u00e9\u0141\ud800'.split(''), '--', '%2D%2d')
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 200 }),
      fc.array(alphabet, { maxLength: 150 }).map((characters) => characters.join('')),
    )
    fc.assert(
      fc.property(text, fc.boolean(), fc.nat({ max: 8 }), (drawn, escaped, from) => {
        expect(statusOf(answerOf(all, (keyring) => open(keyring, drawn, escaped, from)))).not.toBe('OK')
      }),
      { ...RUNS, numRuns: 500 },
    )
  })

  it('reads authentic data alike, base64 or not', () => {
    const character = fc.constantFrom(...'AQgwz019+/=-_ \n\u00e9'.split(''))
    const data = fc.array(character, { maxLength: 12 }).map((characters) => characters.join(''))
    const signedSpecs = [SPECS.signed, SPECS.signedUrlSafe] as const
    const keyrings = signedSpecs.map((spec) => keyringsOf([spec]))
    fc.assert(
      fc.property(data, fc.boolean(), (drawn, urlSafe) => {
        const spec = signedSpecs[urlSafe ? 1 : 0]
        const message = sign(drawn, spec)
        const answer = answerOf(keyrings[urlSafe ? 1 : 0] ?? [], (keyring) => open(keyring, message, false, 0))
        const expected = drawn === '' ? 'MALFORMED' : (rubyUrlSafeDecode(drawn)?.toString('base64') ?? 'UNDECODABLE')
        expect(outcomeOf(answer)).toBe(expected)
      }),
      { ...RUNS, numRuns: 1000 },
    )
  })

  it('takes plaintexts apart alike, and loses nothing', () => {
    const json = fc
      .array(
        fc.constantFrom(
          '-0',
          '-',
          '0',
          '1234567',
          '[',
          '{',
          ':',
          ',',
          ' ',
          '\n',
          '"',
          '\\u',
          'd',
          'D',
          'é',
          '['.repeat(60),
        ),
        { minLength: 1, maxLength: 30 },
      )
      .map((parts) => parts.join(''))
    const envelope = fc
      .tuple(json, value, value)
      .map(
        ([text, exp, pur]) =>
          `{"_rails":{"message":"${Buffer.from(text).toString('base64')}","exp":${exp},"pur":${pur}}}`,
      )
    fc.assert(
      fc.property(
        fc.oneof(
          json,
          envelope,
          fc.tuple(envelope, damage).map(([text, change]) => change(text) || ' '),
        ),
        (text) => {
          const plaintext = text.toWellFormed()
          const message = sign(Buffer.from(plaintext).toString('base64'), SPECS.signed)
          const answer = parseAnswer(answerOf(keyringsFor(0), (keyring) => open(keyring, message, false, 0)))
          expect(answer).toEqual({ status: 'OK', scheme: 0, ...describedBy(plaintext) })
        },
      ),
      { ...RUNS, numRuns: 1000 },
    )
  })
})

/** The plaintext in base64, or the status of a refusal. */
function outcomeOf(answer: string): string {
  return statusOf(answer) === 'OK' ? plaintextOf(answer).toString('base64') : statusOf(answer)
}

/** What the documentation of `Keyring.open` says of a plaintext, in the words of {@link Answer}. */
function describedBy(plaintext: string): Omit<Extract<Answer, { status: 'OK' }>, 'status' | 'scheme'> {
  const quotedText = '(null|"[\\x20\\x21\\x23-\\x5b\\x5d-\\x7e]{1,127}")'
  const layout = new RegExp(`^\\{"_rails":\\{"message":"([^"]*)","exp":${quotedText},"pur":${quotedText}\\}\\}$`)
  const [, base64 = '', exp = '', pur = ''] = layout.exec(plaintext) ?? []
  const isEnvelope = exp !== '' && STRICT_BASE64.test(base64)
  const bytes = isEnvelope ? Buffer.from(base64, 'base64') : Buffer.from(plaintext)
  const isText = Buffer.from(bytes.toString()).equals(bytes)
  const payloadText = bytes.toString(isText ? 'utf8' : 'latin1')
  const flags = [!isText && 'BYTES', isEnvelope && 'ENVELOPE', isText && isPlain(payloadText) && 'PLAIN_JSON']
  return {
    flags: flags.filter((flag) => flag !== false).join(' '),
    payload: payloadText,
    exp: isEnvelope ? (JSON.parse(exp) ?? '') : '',
    pur: isEnvelope ? (JSON.parse(pur) ?? '') : '',
  }
}

/** Ruby's `urlsafe_decode64`, spelled out. */
function rubyUrlSafeDecode(text: string): Buffer | null {
  const padded = !text.endsWith('=') && text.length % 4 !== 0 ? text.padEnd(Math.ceil(text.length / 4) * 4, '=') : text
  const standard = padded.replaceAll('-', '+').replaceAll('_', '/')
  if (!STRICT_BASE64.test(standard)) return null
  return Buffer.from(standard, 'base64')
}

/** The definition of `PLAIN_JSON`, as a person would write it down. */
function isPlain(text: string): boolean {
  // oxlint-disable-next-line no-control-regex -- they are what is looked for
  if (/[\0-\x1f]/.test(text)) return false
  if (/[0-9]{16}/.test(text) || /\\u[dD]/.test(text)) return false
  if (text.startsWith('-0') || [':', '[', ',', ' '].some((before) => text.includes(`${before}-0`))) return false
  return text.split(/[[{]/).length - 1 <= 100
}

const STRICT_BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/][AQgw]==|[A-Za-z0-9+/]{2}[AEIMQUYcgkosw048]=)?$/
