import { describe, expect, it } from 'vitest'
import { completeObject, makeObject, objectOrigin, RubyObject } from '../../../src/ruby/object.ts'

describe('RubyObject', () => {
  it('cannot be made by programs', () => {
    // @ts-expect-error the constructor is private; TypeScript alone does not keep anybody from calling it
    expect(() => new RubyObject({ kind: 'object', className: 'Kernel' }, null)).toThrow(TypeError)
    const { constructor } = makeObject({ kind: 'object', className: 'User' }, null)
    const fields = { kind: 'object', className: 'Kernel' }
    expect(() => Reflect.construct(constructor, [fields, {}, Symbol('permission')])).toThrow(TypeError)
    const copy = Object.assign(Object.create(RubyObject.prototype) as RubyObject, fields)
    expect(() => objectOrigin(copy)).toThrow(TypeError)
    expect(Object.getOwnPropertyNames(RubyObject)).toEqual(['length', 'name', 'prototype'])
  })

  it('says what Ruby has', () => {
    const origin = {}
    const object = makeObject({ kind: 'object', className: 'User', fields: [['@id', 1], ['@__proto__', 2]] }, origin) // prettier-ignore
    expect([object.kind, object.className, object.modules, object.value]).toEqual(['object', 'User', [], undefined])
    expect(`${object}`).toBe('#<User>')
    expect(JSON.stringify(object)).toBe('{"id":1,"__proto__":2}')
    expect(objectOrigin(object)).toBe(origin)
    expect(() => Object.assign(object, { className: 'Kernel' })).toThrow(TypeError)
  })

  it('is shown to JSON.stringify by what is inside', () => {
    expect(JSON.stringify(makeObject({ kind: 'uri', value: 'http://a/' }, null))).toBe('"http://a/"')
    expect(JSON.stringify(makeObject({ kind: 'class', className: 'String' }, null))).toBe('"String"')
    expect(JSON.stringify(makeObject({ kind: 'struct', fields: [['x', [1]]] }, null))).toBe('{"x":[1]}')
  })

  it('can be completed by what refers to it', () => {
    const object = makeObject({ kind: 'user_marshal', className: 'M' }, null)
    completeObject(object, [object])
    expect((object.value as unknown[])[0]).toBe(object)
  })
})
