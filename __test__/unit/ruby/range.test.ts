import { describe, expect, it } from 'vitest'
import { RubyRange } from '../../../src/ruby/range.ts'

describe('RubyRange', () => {
  it('includes its end unless it is told otherwise', () => {
    expect({ ...new RubyRange(1, 5) }).toEqual({ begin: 1, end: 5, excludeEnd: false })
    expect({ ...new RubyRange('a', null, true) }).toEqual({ begin: 'a', end: null, excludeEnd: true })
    expect(() => Object.assign(new RubyRange(1, 2), { end: 3 })).toThrow(TypeError)
  })
})
