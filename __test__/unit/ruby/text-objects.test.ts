import { describe, expect, it } from 'vitest'
import { Identities } from '../../../src/ruby/eql.ts'
import { makeObject, type RubyObject, type RubyObjectKind } from '../../../src/ruby/object.ts'
import { plain } from '../../../src/ruby/plain.ts'
import { RubyString } from '../../../src/ruby/string.ts'
import { typedTree } from '../../../src/ruby/typed-tree.ts'

const textObject = (kind: RubyObjectKind, value: unknown): RubyObject => makeObject({ kind, value }, null)
const binary = (text: string): RubyString => RubyString.fromBinary(text, 'ASCII-8BIT')

describe('an object that its text tells', () => {
  it('is text in plain data, and bytes where it is not UTF-8', () => {
    expect(plain(textObject('uri', 'http://a'))).toEqual({ ok: true, value: 'http://a' })
    expect(plain(textObject('pathname', binary('/\u00ff')))).toEqual({ ok: true, value: Uint8Array.of(0x2f, 0xff) })
  })

  it('is text in a tree', () => {
    expect(typedTree(textObject('ipaddr', '10.1.2.0/24'))).toEqual({ $: 'ipaddr', v: '10.1.2.0/24' })
    expect(typedTree(textObject('pathname', binary('/\u00c3\u00a9')))).toEqual({ $: 'pathname', v: '/é' })
    expect(typedTree(textObject('pathname', binary('/\u00ff')))).toEqual({ $: 'pathname', v: '/\\xff' })
  })

  it('is the same key as another one with the same text', () => {
    const identities = new Identities()
    const of = (kind: RubyObjectKind, value: unknown): string => identities.of(textObject(kind, value))
    expect(of('uri', 'http://a')).toBe(of('uri', 'http://a'))
    expect(of('uri', 'http://a')).not.toBe(of('uri', 'http://b'))
    expect(of('uri', '/a')).not.toBe(of('pathname', '/a'))
    expect(of('pathname', '/a')).toBe(of('pathname', binary('/a')))
    expect(of('pathname', '/a')).not.toBe(identities.of('/a'))
  })
})
