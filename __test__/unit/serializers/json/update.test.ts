import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { UnserializableValueError } from '../../../../src/errors.ts'
import { RubyFloat } from '../../../../src/ruby/float.ts'
import { RubyHash } from '../../../../src/ruby/hash.ts'
import { RubySymbol } from '../../../../src/ruby/symbol.ts'
import { typedTree } from '../../../../src/ruby/typed-tree.ts'
import { readJsonValue } from '../../../../src/serializers/json/reader.ts'
import { updateJson } from '../../../../src/serializers/json/update.ts'
import type { JsonWriteOptions } from '../../../../src/serializers/json/writer.ts'

const rails: JsonWriteOptions = { escapeHtmlEntities: true, escapeJsSeparators: true, dialect: 'active_support' }
const update = (text: string, changes: Array<[string, unknown]>): string => updateJson(text, new Map(changes), rails)

describe('updateJson', () => {
  it.each<[string, Array<[string, unknown]>, string]>([
    ['{}', [], '{}'],
    ['{}', [['a', 1]], '{"a":1}'],
    ['{"a":1}', [['a', undefined]], '{}'],
    ['{"a":1}', [['b', undefined]], '{"a":1}'],
    ['{"a":1,"b":2,"c":3}', [['b', 'x']], '{"a":1,"b":"x","c":3}'],
    ['{"a":1,"b":2}', [['c', 3], ['a', undefined]], '{"b":2,"c":3}'], // prettier-ignore
    ['{"a":1}', [['a', undefined], ['a', 2]], '{"a":2}'], // prettier-ignore
    ['{"a":1}', [['a', null]], '{"a":null}'],
    ['{"f":1.0,"e":1E+2,"i":12345678901234567890123,"n":-0.0}', [['x', new RubyFloat(1)]], '{"f":1.0,"e":1E+2,"i":12345678901234567890123,"n":-0.0,"x":1.0}'], // prettier-ignore
    ['{"s":"}],{[\\"","t":"\\u003c\\/\\x"}', [['x', '<']], '{"s":"}],{[\\"","t":"\\u003c\\/\\x","x":"\\u003c"}'],
    ['{"a":{"b":[1,{"c":"}"}]},"d":[[],{}]}', [['x', []]], '{"a":{"b":[1,{"c":"}"}]},"d":[[],{}],"x":[]}'],
    ['{"a": [ 1 , 2 ] , "b" :\t{ "c" : 1 }\n}', [['x', 1]], '{"a":[ 1 , 2 ],"b":{ "c" : 1 },"x":1}'],
    [' /*{*/ {/*"*/"a"/*:*/:/*}*/1/*,*/,//"\n"b":2} // x\n', [['b', 3]], '{"a":1,"b":3}'],
    ['{"\\u0061":1,"b":2}', [['a', 3]], '{"a":3,"b":2}'],
    ['{"\\u0061":1,"b":2}', [['b', 3]], '{"\\u0061":1,"b":3}'],
    ['{"<":1}', [['&', 2]], '{"<":1,"\\u0026":2}'],
    ['{"a":1,"b":2,"a":3}', [], '{"a":3,"b":2}'],
    ['{"a":1,"b":2,"\\u0061":3}', [['b', 4]], '{"\\u0061":3,"b":4}'],
    ['{"a":1,"b":2,"a":3}', [['a', 4]], '{"a":4,"b":2}'],
    ['{"a":1,"b":2,"a":3}', [['a', undefined]], '{"b":2}'],
    ['{"__proto__":1,"a":2}', [['__proto__', { __proto__: null, b: 1 }]], '{"__proto__":{"b":1},"a":2}'],
    ['{"a":2}', [['__proto__', 1], ['constructor', 2]], '{"a":2,"__proto__":1,"constructor":2}'], // prettier-ignore
    ['{"":1}', [['', 2]], '{"":2}'],
    ['{"t":true,"f":false,"n":null}', [['1', [new RubySymbol('s')]]], '{"t":true,"f":false,"n":null,"1":["s"]}'],
    ['{"a":1}', [['a', { toJSON: () => undefined }]], '{}'],
  ])('%s with %o', (text, changes, updated) => {
    expect(update(text, changes)).toBe(updated)
  })

  it('names the place of what cannot be written', () => {
    expect(() => update('{"a":1}', [['cart', { items: [() => 1] }]])).toThrow(UnserializableValueError)
    expect(() => update('{"a":1}', [['cart', { items: [() => 1] }]])).toThrow('cart.items[0] is a function')
  })

  it('writes nothing that is too deep to be read', () => {
    let deep: unknown = []
    for (let i = 1; i < 99; i++) deep = [deep]
    expect(readJsonValue(update('{}', [['a', deep]])).ok).toBe(true)
    expect(() => update('{}', [['a', [deep]]])).toThrow('nested more than 100 deep')
  })

  it('ends where a text is no JSON after all', () => {
    expect(() => update('{"a":[', [])).toThrow(TypeError)
    expect(() => update('{"a":x}', [])).toThrow(TypeError)
  })

  const value = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      fc.constantFrom(null, true, 0, new RubyFloat(1), new RubyFloat(1e30), 10n ** 22n, -(2n ** 64n)),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.maxSafeInteger(),
      fc.string({ unit: fc.constantFrom('"', '\\', '{', '}', '[', ']', ',', ':', '/', '*', '\n', 'é', 'a', '<') }),
      fc.array(tie('value'), { maxLength: 4 }),
      fc
        .array(fc.tuple(fc.string(), tie('value')), { maxLength: 4 })
        .map((pairs) => new RubyHash(new Map(pairs as Array<[string, unknown]>))),
    ),
  })).value
  const key = fc.oneof(fc.constantFrom('a', 'b', '1', '', '__proto__', 'constructor', '"\\', '<é>'), fc.string())

  /** A text with blanks and comments, keys that come again, and escapes that Rails does not write. */
  const text = fc.array(fc.tuple(key, value, fc.constantFrom('', ' ', '\n', '/*}*/', '//"\n')), { maxLength: 6 }).map(
    (members) =>
      `{${members
        .map(([name, each, blank]) => {
          const [, member] = /^\{(.*)\}$/s.exec(updateJson('{}', new Map([[name, each]]), rails))!
          return `${blank}${member!.replace(/^"a"/, '"\\u0061"')}${blank}`
        })
        .join(',')}}`,
  )

  it('changes what it is told to and nothing else', () => {
    fc.assert(
      fc.property(
        text,
        fc.array(fc.tuple(key, fc.option(value, { nil: undefined })), { maxLength: 4 }),
        (before, changes) => {
          const expected = new Map((read(before) as RubyHash).pairs as Array<[string, unknown]>)
          for (const [name, changed] of new Map(changes)) {
            if (changed === undefined) expected.delete(name)
            else expected.set(name, changed)
          }
          const after = read(updateJson(before, new Map(changes), rails)) as RubyHash
          expect(after.pairs.map(([name]) => name)).toEqual([...expected.keys()])
          expect(typedTree(after.pairs.map(([, each]) => each))).toEqual(typedTree([...expected.values()]))
        },
      ),
      { numRuns: 1000 },
    )
  })

  it('takes time that grows with the length only', () => {
    const long = `{${Array.from({ length: 50_000 }, (_, i) => `"k${i}":[{"a":[1,2,"}"]}]`).join(',')}}`
    const started = performance.now()
    expect(update(long, [['x', 1]])).toHaveLength(long.length + 6)
    expect(performance.now() - started).toBeLessThan(1000)
  })
})

function read(text: string): unknown {
  const result = readJsonValue(text)
  if (!result.ok) throw new Error(`${text} cannot be read`)
  return result.value
}
