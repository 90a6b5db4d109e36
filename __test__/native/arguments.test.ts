import { describe, expect, it } from 'vitest'
import { TOKENS_START } from '../../src/backend/report.ts'
import { loadNative } from '../../src/backend/native.ts'
import { nodeBackend } from '../../src/backend/node-crypto.ts'
import { addon } from './addon.ts'

const bytes = (length: number): Uint8Array => new Uint8Array(length).fill(7)
const key = addon.Key.fromBytes(bytes(32))
const workspace = new addon.Workspace(new Uint32Array(TOKENS_START), new Uint32Array(TOKENS_START))
const keyring = loadNative().keyring([{ kind: 'aead', cipher: 'aes-256-gcm', key, urlSafe: false }])

/** Values of every type that JavaScript has; `open` and the others are called with what is not theirs. */
const values: Record<string, readonly unknown[]> = {
  undefined: [undefined],
  null: [null],
  boolean: [true],
  number: [1],
  bigint: [1n],
  string: ['SHA1'],
  symbol: [Symbol('s')],
  Uint8Array: [new Uint8Array(32)],
  object: [
    {},
    [],
    () => 1,
    new Uint16Array(32),
    new DataView(new ArrayBuffer(32)),
    new ArrayBuffer(32),
    new Proxy({}, {}),
    Object.create(key as object),
    Object.create(addon.Key.prototype as object),
    nodeBackend.key(new Uint8Array(32)),
    new addon.KeyringBuilder(),
    keyring,
    new Date(0),
    Object('SHA1'),
    Object(1),
    { length: 32 },
  ],
  Key: [key],
  Workspace: [workspace],
  Uint32Array: [new Uint32Array(TOKENS_START)],
}

interface Case {
  readonly name: string
  readonly call: (...args: unknown[]) => unknown
  readonly types: readonly string[]
  readonly good: readonly unknown[]
}

const builder = (): Record<'addSigned' | 'addCbc' | 'addAead', (...args: unknown[]) => unknown> =>
  new addon.KeyringBuilder() as never
const derivation = { types: ['string', 'Uint8Array', 'Uint8Array', 'number', 'number'] }

const cases: readonly Case[] = [
  {
    name: 'Key.fromBytes',
    call: (...args) => addon.Key.fromBytes(...(args as [never])),
    types: ['Uint8Array'],
    good: [bytes(32)],
  },
  { name: 'derive', call: addon.derive as never, ...derivation, good: ['SHA1', bytes(8), bytes(8), 1, 32] },
  { name: 'deriveAsync', call: addon.deriveAsync as never, ...derivation, good: ['SHA1', bytes(8), bytes(8), 1, 32] },
  {
    name: 'addSigned',
    call: (...args) => builder().addSigned(...args),
    types: ['string', 'Key', 'boolean'],
    good: ['SHA1', key, false],
  },
  {
    name: 'addCbc',
    call: (...args) => builder().addCbc(...args),
    types: ['string', 'Key', 'string', 'Key', 'boolean'],
    good: ['aes-256-cbc', key, 'SHA1', key, false],
  },
  {
    name: 'addAead',
    call: (...args) => builder().addAead(...args),
    types: ['string', 'Key', 'boolean'],
    good: ['aes-256-gcm', key, false],
  },
  {
    name: 'build',
    call: (...args) => {
      const adding = new addon.KeyringBuilder()
      adding.addSigned('SHA1', key, false)
      return adding.build(...(args as [never]))
    },
    types: ['Workspace'],
    good: [workspace],
  },
  {
    name: 'Workspace',
    call: (...args) => new addon.Workspace(...(args as [never, never])),
    types: ['Uint32Array', 'Uint32Array'],
    good: [new Uint32Array(TOKENS_START), new Uint32Array(TOKENS_START)],
  },
  { name: 'open', call: keyring.open as never, types: ['string', 'number'], good: ['x', 1] },
  { name: 'seal', call: keyring.seal as never, types: ['string', 'string', 'number'], good: ['x', '', 0] },
  {
    name: 'sealDraft',
    call: keyring.sealDraft as never,
    types: ['string', 'string', 'number', 'number'],
    good: ['', '', 0, 0],
  },
  {
    name: 'sealWithIv',
    call: keyring.sealWithIv as never,
    types: ['string', 'string', 'number', 'Uint8Array'],
    good: ['x', '', 0, bytes(12)],
  },
]

function thrownBy(call: () => unknown): unknown {
  try {
    call()
  } catch (error) {
    return error
  }
  return undefined
}

describe.each(cases)('$name', ({ call, types, good }) => {
  it('takes what it should', () => {
    expect(thrownBy(() => call(...good))).toBeUndefined()
  })

  it('throws a TypeError for a value of any other type, in any place', () => {
    for (const [place, type] of types.entries()) {
      for (const [other, wrong] of Object.entries(values)) {
        if (other === type) continue
        for (const value of wrong) {
          const error = thrownBy(() => call(...good.with(place, value)))
          expect(error, `argument ${place} (${type}) given ${other}`).toBeInstanceOf(TypeError)
          expect((error as NodeJS.ErrnoException).code).toBe('ERR_INVALID_ARG_TYPE')
        }
      }
    }
  })

  it('throws a TypeError when arguments are missing', () => {
    for (let count = 0; count < good.length; count++) {
      expect(thrownBy(() => call(...good.slice(0, count)))).toBeInstanceOf(TypeError)
    }
  })
})

describe('methods of another object', () => {
  it('throw instead of reading memory that is not theirs', () => {
    const length = Object.getOwnPropertyDescriptor(addon.Key.prototype, 'length')?.get as (this: unknown) => unknown
    for (const receiver of [undefined, null, {}, new addon.KeyringBuilder(), Object.create(key as object)]) {
      expect(() => addon.Key.prototype.bytes.call(receiver as never)).toThrow(Error)
      expect(() => length.call(receiver)).toThrow(Error)
    }
    expect(() => addon.KeyringBuilder.prototype.build.call(key as never, workspace)).toThrow(Error)
  })

  it('open and seal need no receiver', () => {
    const { open, seal } = keyring
    expect(open(seal('payload', '', 0), 0)).toBe('payload')
  })
})

describe('values out of range', () => {
  const secret = bytes(8)
  const outside: ReadonlyArray<readonly [string, () => unknown]> = [
    ['0 iterations', () => addon.derive('SHA1', secret, secret, 0, 20)],
    ['-1 iterations', () => addon.derive('SHA1', secret, secret, -1, 20)],
    ['1.5 iterations', () => addon.derive('SHA1', secret, secret, 1.5, 20)],
    ['NaN iterations', () => addon.derive('SHA1', secret, secret, Number.NaN, 20)],
    ['2^31 iterations', () => addon.derive('SHA1', secret, secret, 2 ** 31, 20)],
    ['-1 bytes', () => addon.derive('SHA1', secret, secret, 1, -1)],
    ['infinitely many bytes', () => addon.derive('SHA1', secret, secret, 1, Number.POSITIVE_INFINITY)],
    ['an IV of 11 bytes', () => keyring.sealWithIv('x', '', 0, bytes(11))],
    ['no scheme', () => new addon.KeyringBuilder().build(workspace)],
    [
      'a short array of words',
      () => new addon.Workspace(new Uint32Array(TOKENS_START - 1), new Uint32Array(TOKENS_START)),
    ],
    ['a short key', () => new addon.KeyringBuilder().addAead('aes-256-gcm', addon.Key.fromBytes(bytes(31)), false)],
    ['a long key', () => new addon.KeyringBuilder().addCbc('aes-128-cbc', key, 'SHA1', key, false)],
  ]

  it.each(outside)('%s: RangeError', (_name, call) => {
    expect(call).toThrow(RangeError)
  })

  it('rejects the promise of deriveAsync through the backend', async () => {
    const given = { digest: 'SHA1', secret, salt: secret, length: 20 } as const
    await expect(loadNative().deriveAsync({ ...given, iterations: 0 })).rejects.toThrow(RangeError)
    await expect(loadNative().deriveAsync({ ...given, iterations: 1.5 })).rejects.toThrow(RangeError)
  })

  it('refuses names that it does not know, without repeating them', () => {
    const error = thrownBy(() => addon.derive('SHA3-secret', secret, secret, 1, 20))
    expect(error).toBeInstanceOf(RangeError)
    expect(String(error)).not.toContain('secret')
  })

  it('opens nothing with a scheme number out of range', () => {
    const sealed = keyring.seal('x', '', 0)
    for (const from of [1, 127, 128, 2 ** 24 - 1, -1]) expect(keyring.open(sealed, from << 8)).toBe('')
  })
})

describe('memory of the caller', () => {
  it('is copied', () => {
    const source = bytes(32)
    const copy = addon.Key.fromBytes(source)
    source.fill(0)
    copy.bytes().fill(1)
    expect(copy.bytes()).toEqual(bytes(32))
  })

  it('may be shared with other threads, be detached or be a part of another', () => {
    const shared = new Uint8Array(new SharedArrayBuffer(32)).fill(7)
    expect(addon.Key.fromBytes(shared).bytes()).toEqual(bytes(32))
    const part = new Uint8Array(64).fill(7).subarray(8, 40)
    expect(addon.Key.fromBytes(part).bytes()).toEqual(bytes(32))
    const detached = bytes(32)
    structuredClone(detached, { transfer: [detached.buffer as ArrayBuffer] })
    expect(addon.Key.fromBytes(detached).length).toBe(0)
  })
})
