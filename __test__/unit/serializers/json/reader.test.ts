import { Buffer } from 'node:buffer'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isPlainJson } from '../../../../src/backend/node-crypto/plain-json.ts'
import { readJson, readJsonTyped, readPlainJson } from '../../../../src/serializers/json/reader.ts'
import { railsJson } from './rails-json.ts'

const undecodable = { ok: false, reason: 'undecodable' }
const limitExceeded = { ok: false, reason: 'limit_exceeded' }

/** Whether no object in a value has a prototype (arrays have theirs). */
function isBare(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return true
  if (!Array.isArray(value) && Object.getPrototypeOf(value) !== null) return false
  return Object.values(value).every(isBare)
}

const tokens = '[ ] { } : , "a" " - 0 1 .5 e + \\ \\u00e9 true null 1e400 /*x*/ //\n "__proto__": "\\x"'.split(' ')

/** Arrays and objects by turns. */
function mixed(depth: number): string {
  return '[{"a":'.repeat(depth / 2) + '1' + '}]'.repeat(depth / 2)
}

/** Texts that are JSON, nearly JSON, or no JSON at all. */
const texts = fc.oneof(
  fc.json({ maxDepth: 4 }),
  fc.jsonValue({ maxDepth: 3 }).map((value) => JSON.stringify(value, null, 2)),
  fc.array(fc.constantFrom(...'[]{}:,"'), { maxLength: 12 }).map((parts) => parts.join('')),
  fc.array(fc.constantFrom(...tokens, ' '), { maxLength: 20 }).map((parts) => parts.join('')),
  fc
    .tuple(fc.json({ maxDepth: 3 }), fc.nat(), fc.constantFrom(...' ,:"\\/-0e]}\u0001'))
    .map(([text, place, inserted]) => {
      const at = place % (text.length + 1)
      return text.slice(0, at) + inserted + text.slice(at)
    }),
)

describe('readJson', () => {
  it.each(railsJson.read)('reads or refuses as Rails does: %s', (_, text, read) => {
    expect(readJson(text).ok).toBe(read !== null)
  })

  it.each(railsJson.read.filter(([, , read]) => read !== null && isLossless(read.value)))(
    'reads what Rails does: %s',
    (_, text, read) => {
      expect(readJson(text)).toEqual({ ok: true, ...read })
    },
  )

  it.each([
    ['{"a":9007199254740991,"b":-9007199254740991}', { a: 9007199254740991, b: -9007199254740991 }],
    ['[9007199254740992,-9007199254740993]', [9007199254740992n, -9007199254740993n]],
    ['[1.0,1.5,-0.0,1E5,1e-2,1e+2]', [1, 1.5, -0, 100000, 0.01, 100]],
    ['[1e400,-1e400,1e-400]', [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0]],
    ['12345678901234567890.123', 12345678901234567000],
    ['[-0,0]', [0, 0]],
    [' \t\r\n[ 1 , 2 ] \n', [1, 2]],
    ['{ "a" : { } , "b" : [ ] }', { a: {}, b: [] }],
    ['"\u007f\u2028\ufeff"', '\u007f\u2028\ufeff'],
    ['/**/[/* [ */1,// ]\n2]/***/', [1, 2]],
    ['{/*a*/"a"/*b*/:/*c*/1/*d*/,/*e*/"b"//\n:2}//\n', { a: 1, b: 2 }],
  ])('reads %s', (text, value) => {
    expect(readJson(text)).toEqual({ ok: true, value })
  })

  const refused = {
    structure: ['', ' ', '[', '{', ']', '[1', '{"a"', '{"a":', '{"a":1', '[1 2]', '{"a" 1}', '{"a":1 "b":2}', '{1:2}'],
    commas: ['[,1]', '[1,]', '{,}', '{"a":1,}', '[,]', ',', '[1,,2]'],
    pairs: ['[1}', '{"a":1]', '[]]', '{}{}', '1 1', '[1]x'],
    strings: ["'a'", '{a:1}', '"a', '"\t"', '"\n"', '"\u0000"', '{"\u001f":1}'],
    numbers: ['-', '+1', '01', '-01', '1.', '.5', '1.e5', '1e', '1e+', '0x10', '1_000', '--1', '1.5.5', '-a', '1a'],
    words: ['NaN', 'Infinity', '-Infinity', 'nul', 'nulL', 'True', 'truefalse', 'undefined', 'None'],
    blanks: ['\ufeff1', '\u00a01', '1\0', '\0', '\v1', '\f1'],
    comments: ['/', '1/', '/*', '/*/', '[1/*]', '1//', '1//x', '//x', '/ /1', '#1'],
  }

  it.each(Object.entries(refused))('refuses wrong %s', (_, wrong) => {
    for (const text of wrong) expect([text, readJson(text)]).toEqual([text, undecodable])
  })

  it('takes the last of equal keys and the place of the first', () => {
    expect(readJson('{"a":1,"b":2,"a":3}')).toEqual({ ok: true, value: { a: 3, b: 2 } })
    expect(readJsonTyped('{"$":1,"b":2,"$":3}')).toEqual({
      ok: true,
      value: { $: 'hash', v: [['$', 3], ['b', 2]] }, // prettier-ignore
    })
  })

  it('makes keys out of what would be prototypes', () => {
    for (const read of [readJson, readPlainJson, readJsonTyped]) {
      const result = read('{"__proto__":{"x":1},"constructor":{"prototype":{"x":1}},"toString":1}')
      const value = (result.ok ? result.value : {}) as Record<string, unknown>
      expect(Object.keys(value)).toEqual(['__proto__', 'constructor', 'toString'])
      expect(isBare(value)).toBe(true)
    }
    expect(Reflect.ownKeys(Object.prototype)).toEqual(objectPrototypeKeys)
    expect('x' in {}).toBe(false)
  })

  it('stops at more than 100 containers', () => {
    for (const read of [readJson, readPlainJson, readJsonTyped]) {
      expect(read('['.repeat(100) + ']'.repeat(100)).ok).toBe(true)
      expect(read('['.repeat(101) + ']'.repeat(101))).toEqual(limitExceeded)
      expect(read(mixed(100)).ok).toBe(true)
      expect(read(mixed(102))).toEqual(limitExceeded)
      expect(read('['.repeat(101))).toEqual(limitExceeded)
      expect(read(`[${'[],{},'.repeat(200)}1]`).ok).toBe(true)
    }
  })

  it('answers quickly and without the stack on 40,000 levels', () => {
    for (const read of [readJson, readPlainJson, readJsonTyped]) {
      for (const text of ['['.repeat(40_000), '['.repeat(40_000) + ']'.repeat(40_000), '{"a":'.repeat(40_000)]) {
        const started = performance.now()
        expect(read(text)).toEqual(limitExceeded)
        expect(performance.now() - started).toBeLessThan(200)
      }
    }
  })

  it('reads or refuses all 256 bytes at every place of a text', () => {
    let read = 0
    for (const text of [String.raw`{"a":[1,-0.5e+3,"\u00e9\n"],"é":null}`, '[/*c*/true,//c\n{"":[]} ]', '-12.5e3']) {
      const bytes = Buffer.from(text)
      for (const [at, byte] of bytes.entries()) {
        for (bytes[at] = 0; ; bytes[at] += 1) {
          const changed = bytes.toString('utf8')
          const [plain, typed] = [readJson(changed), readJsonTyped(changed)]
          expect(plain.ok).toBe(typed.ok)
          expect(plain).toEqual(plain.ok ? { ok: true, value: plain.value } : undecodable)
          if (plain.ok) read += 1
          if (bytes[at] === 255) break
        }
        bytes[at] = byte
      }
    }
    expect(read).toBeGreaterThan(1000)
  })

  it('never throws, and gives no object a prototype', () => {
    fc.assert(
      fc.property(fc.oneof(texts, fc.string({ unit: 'binary' })), (text) => {
        for (const result of [readJson(text), readPlainJson(text), readJsonTyped(text)]) {
          expect(result.ok ? isBare(result.value) : /^(undecodable|limit_exceeded)$/.test(result.reason)).toBe(true)
        }
      }),
      { numRuns: 2000 },
    )
    expect(Reflect.ownKeys(Object.prototype)).toEqual(objectPrototypeKeys)
  })

  it('sees no comment, and stops at none', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
        const text = JSON.stringify(value, null, 1).replaceAll('\n', () => '/*"*/\r//]\n\t')
        expect(readJson(text)).toEqual(readJson(JSON.stringify(value)))
        // No backend flags a text with such an integer.
        fc.pre(!/\d{16}/.test(text))
        expect(readPlainJson(text)).toEqual(readJson(text))
      }),
    )
  })

  it('accepts what JSON.parse accepts, with the same value', () => {
    fc.assert(
      fc.property(texts, (text) => {
        fc.pre(isPlainJson(text))
        let expected: unknown
        try {
          expected = JSON.parse(text)
        } catch {
          return
        }
        expect(readJson(text)).toEqual({ ok: true, value: expected })
      }),
      { numRuns: 2000 },
    )
  })
})

describe('readPlainJson', () => {
  it('reads as readJson does wherever isPlainJson allows it', () => {
    fc.assert(
      fc.property(texts, (text) => {
        fc.pre(isPlainJson(text))
        expect(readPlainJson(text)).toEqual(readJson(text))
      }),
      { numRuns: 5000 },
    )
  })

  it.each(railsJson.read.filter(([, text]) => isPlainJson(text)))('reads as Rails does: %s', (_, text, read) => {
    expect(readPlainJson(text)).toEqual(readJson(text))
    expect(readPlainJson(text).ok).toBe(read !== null)
  })
})

describe('isPlainJson', () => {
  it.each([
    ['123456789012345', true],
    ['1234567890123456', false],
    ['"id-1234567890123456"', false],
    ['[123456789012345,123456789012345]', true],
    ['12345678.1234567890123456', false],
    ['x'.repeat(300) + '1234567890123456' + 'x'.repeat(300), false],
    ['1'.repeat(15) + 'x' + '1'.repeat(15), true],
    ['-0', false],
    ['-0.5', false],
    ['[-0]', false],
    ['[1,-0]', false],
    ['{"a":-0}', false],
    ['[ -0]', false],
    ['[\t-0]', false],
    ['[\n-0]', false],
    ['[\r-0]', false],
    ['"a-0"', true],
    ['"2024-01-01"', true],
    ['-1', true],
    ['"\\u00e9"', true],
    ['"\\ud83d"', false],
    ['"\\uDe00"', false],
    ['"\\\\ud"', false],
    ['"\\u0d00"', true],
    ['['.repeat(100), true],
    ['['.repeat(101), false],
    ['"' + '[{'.repeat(50) + '"', true],
    ['"' + '[{'.repeat(50) + '["', false],
    ['{'.repeat(101), false],
    ['', true],
  ])('%j: %s', (text, plain) => {
    expect(isPlainJson(text)).toBe(plain)
  })

  it('follows the rule to the letter', () => {
    const characters = fc.constantFrom(
      ...'0000111122223333-[{:, \t\n\r\\udD',
      '-0',
      '\\ud',
      '0'.repeat(8),
      '['.repeat(50),
    )
    fc.assert(
      fc.property(fc.array(characters, { maxLength: 40 }), (parts) => {
        expect(isPlainJson(parts.join(''))).toBe(matchesRule(parts.join('')))
      }),
      { numRuns: 5000 },
    )
  })
})

describe('readJsonTyped', () => {
  it.each(railsJson.read)('describes what Rails read: %s', (_, text, read) => {
    const result = readJsonTyped(text)
    expect(result.ok ? { value: result.value } : null).toEqual(read)
    expect(isBare(result.ok && result.value)).toBe(true)
  })

  // What JSON cannot express Rails writes as null.
  it.each(railsJson.write.filter(([id]) => !/nan|inf|float_in_array/.test(id)))(
    'describes what Rails wrote: %s',
    (_id, _html, _separators, value, text) => {
      expect(readJsonTyped(text)).toEqual({ ok: true, value })
    },
  )

  it.each([
    ['1', 1],
    ['-0', 0],
    ['1.0', { $: 'float', v: '1.0' }],
    ['-0.0', { $: 'float', v: '-0.0' }],
    ['1e2', { $: 'float', v: '100.0' }],
    ['1e400', { $: 'float', v: 'Infinity' }],
    ['-1e400', { $: 'float', v: '-Infinity' }],
    ['9007199254740992', { $: 'int', v: '9007199254740992' }],
    ['"\\ude00x"', { $: 'string', enc: 'UTF-8', b64: '7biAeA==' }],
    ['"é\\udfff😀"', { $: 'string', enc: 'UTF-8', b64: 'w6ntv7/wn5iA' }],
    ['{"$":1}', { $: 'hash', v: [['$', 1]] }],
    ['{"\\ude00x":1}', { $: 'hash', v: [[{ $: 'string', enc: 'UTF-8', b64: '7biAeA==' }, 1]] }],
    ['{"1":1,"b":{"$":[1.0]}}', { 1: 1, b: { $: 'hash', v: [['$', [{ $: 'float', v: '1.0' }]]] } }],
    // JavaScript would move the key to the front.
    [
      '{"b":1,"1":2}',
      {
        $: 'hash',
        v: [
          ['b', 1],
          ['1', 2],
        ],
      },
    ],
  ])('%s', (text, value) => {
    expect(readJsonTyped(text)).toEqual({ ok: true, value })
  })
})

const objectPrototypeKeys = Reflect.ownKeys(Object.prototype)

/** The rule of `OpenFlag.PLAIN_JSON`, one condition a line. */
function matchesRule(text: string): boolean {
  return (
    // oxlint-disable-next-line no-control-regex -- they are what is looked for
    !/[\0-\x1f]/.test(text) &&
    !/[0-9]{16}/.test(text) &&
    !text.startsWith('-0') &&
    !/[:[, ]-0/.test(text) &&
    !/\\u[dD]/.test(text) &&
    (text.match(/[[{]/g) ?? []).length <= 100
  )
}

/** Whether the plain view of a typed tree is the tree itself. */
function isLossless(tree: unknown): boolean {
  if (typeof tree !== 'object' || tree === null) return true
  return !('$' in tree) && Object.values(tree).every(isLossless)
}
