import { pbkdf2Sync } from 'node:crypto'
import type { Key } from '../../src/backend/backend.ts'
import { selectBackend } from '../../src/backend/select.ts'
import { SECRET } from '../formats.ts'
import type { Case } from '../harness.ts'
import { LIBRARY } from './library.ts'

/** PBKDF2 as Rails' key generator asks for it: 1000 iterations. `length` in bytes. */
export function deriveCase(digest: 'SHA1' | 'SHA256', length: 32 | 64): Case {
  const secret = Buffer.from(SECRET)
  const salt = Buffer.from('authenticated encrypted cookie')
  const derivation = { digest, secret, salt, iterations: 1000, length }
  const backend = selectBackend('native')
  const expected = pbkdf2Sync(secret, salt, 1000, length, digest.toLowerCase()).toString('hex')
  return {
    name: `derive ${digest} ${length}`,
    expected: () => expected,
    contenders: [
      {
        ...LIBRARY.native,
        run: () => backend.derive(derivation),
        result: (key) => Buffer.from((key as Key).bytes()).toString('hex'),
      },
      {
        name: 'pbkdf2Sync',
        role: 'node',
        run: () => pbkdf2Sync(secret, salt, 1000, length, digest.toLowerCase()),
        result: (key) => (key as Buffer).toString('hex'),
      },
    ],
  }
}
