import { describe, expect, it } from 'vitest'
import { RubyObject } from '../../../../src/ruby/object.ts'
import { plain } from '../../../../src/ruby/plain.ts'
import { MarshalDump, readMarshal, readMarshalTyped } from '../../../../src/serializers/marshal/dump.ts'
import { marshalFormat } from '../../../../src/serializers/marshal/marshal.ts'
import { readNodes } from '../../../../src/serializers/marshal/reader.ts'
import { writeNodes } from '../../../../src/serializers/marshal/writer.ts'
import { canonical, isRefusedForClass, type Recorded, recorded, withLoadedClasses } from './recorded.ts'

const title = (each: Recorded): [string, Recorded] => [`${each.by} ${each.id}`, each]
const accepted = recorded.filter(({ expected }) => expected.accepted)
const refused = recorded.filter(({ expected }) => !expected.accepted)
const format = marshalFormat({ railsVersion: '8.1' })

it('there are dumps of every Ruby and of every Rails', () => {
  for (const by of ['ruby-2.7', 'ruby-3.1', 'ruby-3.3']) expect(count(by)).toBeGreaterThan(200)
  for (const by of ['3.2', '4.0', '4.2', '5.2', '6.1p', '7.0', '7.1', '8.0', '8.1', 'main']) {
    expect(count(`rails-${by}`)).toBeGreaterThan(10)
  }
})

describe('a dump that Ruby loads', () => {
  it.each(accepted.map(title))('%s', (_, { by, id, bytes, expected }) => {
    const typed = readMarshalTyped(bytes)
    if (!typed.ok) throw new Error(typed.reason)
    const isComparable = expected.typed !== undefined && !DIFFERENT.some((pattern) => pattern.test(`${by} ${id}`))
    const ours = canonical(isComparable ? withLoadedClasses(typed.value) : null)
    expect(ours).toBe(canonical(isComparable ? expected.typed : null))
    const read = 'value' in expected ? readMarshal(bytes) : null
    expect(read?.ok ? JSON.stringify(read.value) : undefined).toBe(JSON.stringify(expected.value))
  })
})

describe('a dump that Ruby refuses', () => {
  it.each(refused.map(title))('%s', (_, { by, id, bytes, expected }) => {
    const read = readMarshalTyped(bytes)
    const isForClass = isRefusedForClass(expected)
    // A class need not exist here. What is behind it in the dump may still be wrong.
    const mayBeRead = isForClass || LAXER.has(`${by} ${id}`)
    expect([...(mayBeRead ? ['read'] : []), 'undecodable', 'limit_exceeded']).toContain(read.ok ? 'read' : read.reason)
  })

  it('is nested too deeply only where Ruby has no stack left', () => {
    for (const { bytes, expected } of refused) {
      const read = readMarshal(bytes)
      expect(!read.ok && read.reason === 'limit_exceeded').toBe(expected.reason === 'SystemStackError')
    }
  })
})

describe('written again', () => {
  it.each(accepted.filter(({ id }) => !id.startsWith('malformed')).map(title))('%s', (_, { bytes }) => {
    const binary = bytes.toString('latin1')
    expect(writeNodes(readNodes(binary)) === binary).toBe(true)
    const parsed = MarshalDump.parse(bytes)
    expect(parsed.ok && Buffer.from(parsed.value.bytes()).equals(bytes)).toBe(true)
  })

  it('Ruby did the same with nearly all', () => {
    expect(accepted.filter((each) => each.isDumpedAlike).length).toBeGreaterThan(500)
    for (const { bytes, isDumpedAlike } of accepted) {
      const binary = bytes.toString('latin1')
      expect(isDumpedAlike && writeNodes(readNodes(binary)) !== binary).toBe(false)
    }
  })

  it('what is damaged says the same afterwards', () => {
    for (const { bytes } of accepted) {
      const written = writeNodes(readNodes(bytes.toString('latin1')))
      expect(canonical(tree(written))).toBe(canonical(tree(bytes.toString('latin1'))))
      expect(writeNodes(readNodes(written))).toBe(written)
    }
  })
})

describe('the plain view', () => {
  it('is the same in one pass and by way of the nodes', () => {
    for (const { bytes } of recorded) {
      const loaded = format.load({ text: bytes.toString('latin1'), bytes: true }, false)
      const read = format.read({ text: bytes.toString('latin1'), bytes: true })
      const viewed = read.ok ? plain(read.value) : read
      expect(loaded.ok).toBe(viewed.ok)
      expect(loaded.ok ? withoutObjects(loaded.value) : loaded).toEqual(
        viewed.ok ? withoutObjects(viewed.value) : viewed,
      )
    }
  })
})

function count(by: string): number {
  return recorded.filter((each) => each.by === by).length
}

function tree(binary: string): unknown {
  const read = readMarshalTyped(Buffer.from(binary, 'latin1'))
  return read.ok && read.value
}

/** Objects of Ruby are equal only to themselves to vitest. */
function withoutObjects(value: unknown): unknown {
  return value instanceof RubyObject ? String(value) : value
}

/** Where a later Rails takes the same bytes for something else. */
const DIFFERENT: readonly RegExp[] = [
  // Its Durations passed on `instance_variable_get` to the number.
  /^rails-(?:3\.2|4\.0|4\.1) duration\//,
  // Its Parameters converted what was in them when it was looked at.
  /^rails-4\.2 parameters$/,
]

/** Ruby 3.3 takes a negative length of a bignum for 0. */
const LAXER: ReadonlySet<string> = new Set(['ruby-2.7 malformed/fuzz_41', 'ruby-2.7 malformed/fuzz_47'])
