import { describe, expect, it } from 'vitest'
import { RubyString } from '../../../src/ruby/string.ts'
import { RubySymbol } from '../../../src/ruby/symbol.ts'

describe('RubySymbol', () => {
  it('has a name', () => {
    const symbol = new RubySymbol('clé')
    expect([symbol.name, `${symbol}`, JSON.stringify([symbol])]).toEqual(['clé', 'clé', '["clé"]'])
    expect(new RubySymbol(RubyString.fromBinary('cl\u00e9', 'ISO-8859-1')).name).toBe('clé')
    expect(() => Object.assign(symbol, { string: 1 })).toThrow(TypeError)
  })

  it.each([[1], [null], [Symbol('a')], [new RubySymbol('a')]])('refuses %s', (name) => {
    expect(() => new RubySymbol(name as unknown as string)).toThrow(TypeError)
  })
})
