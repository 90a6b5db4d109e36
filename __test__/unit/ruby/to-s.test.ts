import { describe, expect, it } from 'vitest'
import { RubyFloat } from '../../../src/ruby/float.ts'
import { RubyHash } from '../../../src/ruby/hash.ts'
import { RubyRange } from '../../../src/ruby/range.ts'
import { RubyString } from '../../../src/ruby/string.ts'
import { RubySymbol } from '../../../src/ruby/symbol.ts'
import { toS } from '../../../src/ruby/to-s.ts'

describe('toS', () => {
  // As Ruby prints them with ActiveSupport; as-json.test.ts has all others, as keys of a Hash
  it.each([
    ['a', 'a'],
    [null, ''],
    [-0, '0'],
    [2 ** 53, '9.007199254740992e+15'],
    [new RubyFloat(1e-5), '1.0e-05'],
    [[1, [null]], '[1, [nil]]'],
    [new RubyRange(null, 'z', true), '...z'],
    [['a#b#{c}#$d#@e\ta\vb\fc\rd\u0007e\b'], '["a#b\\#{c}\\#$d\\#@e\\ta\\vb\\fc\\rd\\ae\\b"]'],
  ])('of %o', (value, text) => {
    expect(toS(value)).toBe(text)
  })

  it('leaves Strings in their encoding', () => {
    const latin = RubyString.fromBinary('\u00e9', 'ISO-8859-1')
    expect(toS(latin)).toBe(latin)
    expect(toS(new RubySymbol(latin))).toBe(latin)
  })

  it.each([[undefined], [Symbol('a')], [() => 1], [{}], [new Map()], [new Set()], [new RubyHash()], [[{}]]])(
    'is not known of %o',
    (value) => {
      expect(toS(value)).toBeUndefined()
    },
  )
})
