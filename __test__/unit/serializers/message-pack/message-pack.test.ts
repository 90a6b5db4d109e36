import { Buffer } from 'node:buffer'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { UnserializableValueError } from '../../../../src/errors.ts'
import { RubyFloat } from '../../../../src/ruby/float.ts'
import { RubySymbol } from '../../../../src/ruby/symbol.ts'
import { typedTree } from '../../../../src/ruby/typed-tree.ts'
import { messagePackFormat } from '../../../../src/serializers/message-pack/message-pack.ts'
import { payloadBytes, payloadFromBytes } from '../../../../src/serializers/payload.ts'
import type { Payload } from '../../../../src/serializers/serializer.ts'

const format = messagePackFormat({ railsVersion: '8.1' })
const payload = (hex: string): Payload => payloadFromBytes(Buffer.from(`cc80${hex}`, 'hex'))
const hex = (written: Payload): string => Buffer.from(payloadBytes(written)).toString('hex').replace(/^cc80/, '')

describe('messagePackFormat', () => {
  it('recognises the signature as Rails writes it, also where the payload is UTF-8', () => {
    for (const bytes of [
      [0xcc, 0x80],
      [0xcc, 0x80, 1],
      [0xcc, 0x80, 0xff],
    ]) {
      expect(format.recognises(payloadFromBytes(Uint8Array.from(bytes)))).toBe(true)
    }
    for (const bytes of [[], [0xcc], [0x80, 0xcc], [0xcd, 0, 0x80, 1], [4, 8, 0xcc], [0xc3, 0x8c, 0xc2, 0x80]]) {
      expect(format.recognises(payloadFromBytes(Uint8Array.from(bytes)))).toBe(false)
    }
  })

  it('reads payloads, also where they are UTF-8', () => {
    expect(format.load(payload('01'), false)).toEqual({ ok: true, value: 1, format: 'message_pack' })
    expect(format.load(payload('ff'), true)).toEqual({ ok: true, value: -1, format: 'message_pack' })
    const read = format.read(payload('81a161cb3ff0000000000000'))
    expect(read.ok && typedTree(read.value)).toEqual({ a: { $: 'float', v: '1.0' } })
    expect(format.read(payload('81'))).toEqual({ ok: false, reason: 'undecodable' })
    expect(format.load(payload('91'.repeat(129)), false)).toMatchObject({ ok: false })
  })

  it('writes, and reads what a version alone has written', () => {
    expect(hex(format.dump({ a: 1 }))).toBe('81a16101')
    expect(() => format.dump(() => 1)).toThrow(UnserializableValueError)
    const raw = payload('d70e31302e302e302e31')
    expect(format.load(raw, false)).toMatchObject({ ok: false })
    expect(messagePackFormat({ railsVersion: '7.1' }).load(raw, false)).toMatchObject({ value: '10.0.0.1/32' })
  })
})

describe('update', () => {
  const update = (bytes: string, changes: Record<string, unknown>): string =>
    hex(format.update(payload(bytes), new Map(Object.entries(changes))))

  it.each<[what: string, bytes: string, changes: Record<string, unknown>, updated: string]>([
    ['nothing', '82a16101a16202', {}, '82a16101a16202'],
    ['a value in its place', '82a16101a16202', { a: [3] }, '82a1619103a16202'],
    ['new keys at the end, as text', '81a16101', { é: 1, b: null }, '83a16101a2c3a901a162c0'],
    ['keys that are dropped', '83a16101a16202a16303', { b: undefined, x: undefined }, '82a16101a16303'],
    ['all of that', '83a16101a16202a16303', { c: 4, a: undefined, d: 5 }, '83a16202a16304a16405'],
    ['a Hash that is empty', '80', { a: 1 }, '81a16101'],
    ['a Hash that gets empty', '81a16101', { a: undefined }, '80'],
    ['the key of a Symbol, which it stays', '82d4006101a16202', { a: 3 }, '82d4006103a16202'],
    ['a number by its text', '8201020304', { 1: 5 }, '8201050304'],
    ['nil by no text', '81c001', { '': 2 }, '81c002'],
    ['a String and a Symbol with one text', '83a16101a16202d4006103', { a: 4 }, '82a16104a16202'],
    ['a String and a Symbol that are not changed', '83a16101a16202d4006103', { b: 4 }, '83a16101a16204d4006103'],
    ['keys that come twice, of which the last value counts', '83a16101a16202a16103', {}, '82a16103a16202'],
    ['keys that come twice, changed', '83a16101a16202a16103', { a: 4 }, '82a16104a16202'],
    ['keys that are no scalars', '8291010291a16102', { a: 1 }, '8391010291a16102a16101'],
    ['HWIAs', 'c7071182a16101a16202', { b: 3, c: 4 }, 'c70a1183a16101a16203a16304'],
    ['HWIAs with Symbols', 'd71182d4006101a16202', { a: 3 }, 'd71182d4006103a16202'],
    ['HWIAs with a String and a Symbol with one text', 'c7ff1182a16101d4006102', {}, 'd61181a16102'],
    ['empty HWIAs', 'd41180', { a: 1 }, 'd61181a16101'],
    ['HWIAs that are nothing but their default', 'd41105', { a: 1 }, 'd61181a16101'],
    [
      'an encoding that Rails does not write',
      'de0002d90161cd0001c40162d30000000000000002',
      { x: 1 },
      '83d90161cd0001c40162d30000000000000002a17801',
    ],
    [
      'Floats, long Integers and NaNs',
      '84a161cb3ff0000000000000a162cfffffffffffffffffa163cb7ff8000000000009a17801',
      { x: 2 },
      '84a161cb3ff0000000000000a162cfffffffffffffffffa163cb7ff8000000000009a17802',
    ],
    [
      'precisions of BigDecimals',
      '82a161d80230393a302e3336303737373631336535a16201',
      { b: 2 },
      '82a161d80230393a302e3336303737373631336535a16202',
    ],
    ['bodies that are longer than they say', '82a161c7ff0c9101a16202', { b: 3 }, '82a161c7ff0c9101a16203'],
    [
      '__proto__',
      '81a95f5f70726f746f5f5f01',
      JSON.parse('{"__proto__":2}') as Record<string, unknown>,
      '81a95f5f70726f746f5f5f02',
    ],
  ])('%s', (_, bytes, changes, updated) => {
    expect(update(bytes, changes)).toBe(updated)
  })

  it('grows the length of the map with its entries', () => {
    const fifteen = Object.fromEntries(Array.from({ length: 15 }, (_, i) => [`k${i}`, i]))
    expect(update(hex(format.dump(fifteen)), { z: 1 })).toMatch(/^de0010a26b30.*a17a01$/)
  })

  it('writes values of Ruby, and for the version', () => {
    expect(update('80', { a: new RubyFloat(1), b: new RubySymbol('s') })).toBe('82a161cb3ff0000000000000a162d40073')
  })

  it('names the place of what cannot be written', () => {
    expect(() => update('80', { cart: { items: [() => 1] } })).toThrow(UnserializableValueError)
    expect(() => update('80', { cart: { items: [() => 1] } })).toThrow('cart.items[0] is a function')
    expect(() => update('80', { 'a b': Symbol('s') })).toThrow('["a b"] is a symbol')
    const self: unknown[] = []
    self.push(self)
    expect(() => update('80', { self })).toThrow('self[0] is a circular reference')
    let deep: unknown = 1
    for (let i = 0; i < 127; i++) deep = [deep]
    expect(format.load(payload(update('80', { deep })), false)).toMatchObject({ ok: true })
    expect(() => update('80', { deep: [deep] })).toThrow('is nested more deeply than Rails reads')
  })

  it('gives what writing the changed data gives', () => {
    const texts = fc.string({ minLength: 1, maxLength: 2, unit: fc.constantFrom('a', 'b', 'é') })
    const data = fc.dictionary(texts, fc.jsonValue({ maxDepth: 2, noUnicodeString: false }))
    fc.assert(
      fc.property(data, fc.dictionary(texts, fc.option(fc.nat(), { nil: undefined })), (before, changes) => {
        const after = { ...before, ...changes }
        expect(hex(format.update(format.dump(before), new Map(Object.entries(changes))))).toBe(hex(format.dump(after)))
      }),
      { numRuns: 200 },
    )
  })
})
