import { describe, expect, it } from 'vitest'
import { UnserializableValueError } from '../../../../src/errors.ts'
import { valueOfTree } from '../../../../src/ruby/from-typed.ts'
import { makeObject } from '../../../../src/ruby/object.ts'
import type { TypedTree } from '../../../../src/ruby/typed.ts'
import { typedTree } from '../../../../src/ruby/typed-tree.ts'
import { readMessagePack, readMessagePackTyped } from '../../../../src/serializers/message-pack/reader.ts'
import { writeMessagePack } from '../../../../src/serializers/message-pack/writer.ts'
import { type RailsVector, railsVectors } from './rails-vectors.ts'

const title = (each: RailsVector): [string, RailsVector] => [`${each.rails} ${each.id}`, each]
const valueOf = (tree: TypedTree): unknown => valueOfTree(tree, (fields) => makeObject(fields, null))

describe('what Rails wrote', () => {
  const written = railsVectors.filter(({ op, input, bytes }) => op === 'dump' && input !== undefined && bytes !== null)

  it.each(['7.1', '7.2', '8.0', '8.1', '8.2'])('is much, in %s', (version) => {
    expect(written.filter(({ rails }) => rails === version).length).toBeGreaterThan(80)
  })

  it.each(written.map(title))('%s', (_, { rails, input, bytes }) => {
    expect(writeMessagePack(valueOf(input!), { railsVersion: rails })).toEqual(new Uint8Array(bytes!))
  })

  it.each(written.map(title))('%s, and what it reads there', (_, { rails, input, expected }) => {
    const read = readMessagePackTyped(writeMessagePack(valueOf(input!), { railsVersion: rails }), {
      railsVersion: rails,
    })
    expect(read).toEqual({ ok: true, value: typedTree(valueOf(expected.typed!)) })
  })

  const refused = railsVectors.filter(({ op, bytes }) => op === 'dump' && bytes === null)

  it.each(refused.map(title))('%s: refused', (_, { rails, input }) => {
    expect(() => writeMessagePack(valueOf(input!), { railsVersion: rails })).toThrow(UnserializableValueError)
  })
})

describe('what Rails read', () => {
  const trees = railsVectors.filter(({ bytes, expected }) => bytes !== null && expected.typed !== undefined)

  it.each(trees.map(title))('%s', (_, { rails, bytes, expected }) => {
    const read = readMessagePackTyped(bytes!, { railsVersion: rails })
    expect(read.ok && JSON.parse(JSON.stringify(read.value))).toEqual(expected.typed)
  })

  const large = railsVectors.filter(({ bytes, expected }) => bytes !== null && expected.summary !== undefined)

  it.each(large.map(title))('%s, by its kind and length', (_, { id, bytes, expected }) => {
    const read = readMessagePack(bytes!)
    const value = read.ok ? read.value : undefined
    const kinds: Record<string, string> = { number: 'Integer', string: 'String', object: 'Array' }
    expect(kinds[typeof value]).toBe(expected.summary)
    expect(typeof value === 'number' ? value : (value as string | unknown[]).length).toBe(Number(/\d+/.exec(id)))
  })

  const refused = railsVectors.filter(({ bytes, expected }) => bytes !== null && !expected.accepted)

  it.each(refused.map(title))('%s: refused', (_, { bytes, rails }) => {
    const reason = expect.stringMatching(/^(undecodable|limit_exceeded)$/) as string
    expect(readMessagePackTyped(bytes!, { railsVersion: rails })).toEqual({ ok: false, reason })
  })
})

describe('what 8.1 does not read as the Rails that wrote it', () => {
  const from = (rails: string, id: RegExp): Array<[string, RailsVector]> =>
    railsVectors.filter((each) => each.op === 'dump' && each.rails === rails && id.test(each.id)).map(title)

  it.each(from('7.1', /^ipaddr/))('%s: refused', (_, { bytes }) => {
    expect(readMessagePack(bytes!)).toEqual({ ok: false, reason: 'undecodable' })
  })

  it.each(from('8.2', /safe/))('%s: with the form in it', (_, { bytes }) => {
    expect(JSON.stringify(readMessagePackTyped(bytes!))).toContain('ASCII-8BIT')
  })
})
