import { describe, expect, it } from 'vitest'
import { UnserializableValueError } from '../../../src/errors.ts'
import { customSerializer } from '../../../src/serializers/custom.ts'
import { application } from '../../support/application.ts'

describe('a serializer of the application', () => {
  const seen: Uint8Array[] = []
  const serializer = customSerializer({
    dump: (value) => (value instanceof Uint8Array ? value : `v:${String(value)}`),
    load(bytes) {
      seen.push(bytes)
      if (bytes.length === 0) throw new Error('empty')
      return bytes
    },
  })

  it('writes text or bytes', () => {
    expect(serializer.dump('é')).toEqual({ text: 'v:é', bytes: false })
    expect(serializer.dump(Uint8Array.of(0x61))).toEqual({ text: 'a', bytes: false })
    expect(serializer.dump(Uint8Array.of(0xff, 0))).toEqual({ text: '\u00FF\0', bytes: true })
    for (const dumped of [undefined, null, 1, {}]) {
      expect(() => customSerializer({ dump: () => dumped as never, load: () => null }).dump(0)).toThrow(
        UnserializableValueError,
      )
    }
  })

  it('reads bytes of its own', () => {
    const loaded = serializer.load({ text: 'é\u0000', bytes: false }, true)
    expect(loaded).toEqual({ ok: true, value: Uint8Array.of(0xc3, 0xa9, 0), format: 'custom' })
    expect(serializer.load({ text: '\u00FF', bytes: true }, false)).toMatchObject({ value: Uint8Array.of(0xff) })
    const [first] = seen
    expect(first?.buffer.byteLength).toBe(first?.length)
  })

  it('makes undecodable what it throws on', () => {
    expect(serializer.load({ text: '', bytes: false }, false)).toEqual({ ok: false, reason: 'undecodable' })
  })

  it('serves every jar', () => {
    const cookiesSerializer = {
      dump: (value: unknown) => Buffer.from(JSON.stringify(value)).map((byte) => byte ^ 0xa5),
      load: (bytes: Uint8Array) => JSON.parse(Buffer.from(bytes.map((byte) => byte ^ 0xa5)).toString()) as unknown,
    }
    const rails = application({ cookiesSerializer })
    const data = { session_id: 'x', name: 'é' }
    const opened = rails.session.open(rails.session.seal(data))
    expect(opened).toMatchObject({ ok: true, data, meta: { serializer: 'custom', rewrite: false } })
    expect(opened.ok && opened.typed()).toEqual(data)
    expect(rails.cookies.signed('c').open(rails.cookies.signed('c').seal([1]))).toMatchObject({ data: [1] })
    expect(application().session.open(rails.session.seal(data))).toMatchObject({ ok: false, reason: 'undecodable' })
  })
})
