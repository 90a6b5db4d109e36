import { describe, expect, it } from 'vitest'
import { RubyHash } from '../../../src/ruby/hash.ts'

describe('RubyHash', () => {
  it('takes pairs, a Map and an object', () => {
    const pairs = [['a', 1], ['b', 2]] // prettier-ignore
    expect(new RubyHash({ a: 1, b: 2 }).pairs).toEqual(pairs)
    expect(new RubyHash(new Map([['a', 1], ['b', 2]])).pairs).toEqual(pairs) // prettier-ignore
    expect(new RubyHash([['a', 1], ['b', 2]]).pairs).toEqual(pairs) // prettier-ignore
    expect(new RubyHash().pairs).toEqual([])
    expect(new RubyHash(JSON.parse('{"__proto__":1}') as Record<string, unknown>).pairs).toEqual([['__proto__', 1]])
  })

  it('copies the pairs', () => {
    const pair: [unknown, unknown] = ['a', 1]
    const hash = new RubyHash([pair])
    pair[1] = 2
    expect(hash.pairs).toEqual([['a', 1]])
  })

  it('is an ordinary Hash unless it is told otherwise', () => {
    const { default: fallback, indifferentAccess, compareByIdentity } = new RubyHash()
    expect([fallback, indifferentAccess, compareByIdentity]).toEqual([undefined, false, false])
    const other = new RubyHash([], { default: null, indifferentAccess: true, compareByIdentity: true })
    expect([other.default, other.indifferentAccess, other.compareByIdentity]).toEqual([null, true, true])
  })

  it('shows JSON.stringify an object', () => {
    expect(JSON.stringify(new RubyHash([[null, 1], [2, [3]], ['__proto__', 4]]))).toBe('{"2":[3],"":1,"__proto__":4}') // prettier-ignore
  })
})
