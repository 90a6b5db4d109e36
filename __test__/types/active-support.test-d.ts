import type { Opened, Rejected } from '../../index.ts'
import {
  type DecryptedFile,
  EncryptedFile,
  KeyGenerator,
  MessageEncryptor,
  type MessageSerializerName,
  MessageVerifier,
  parseCookies,
} from '../../src/active-support/index.ts'
import type { Equals } from './equals.ts'

/** Fails to compile unless its argument is `true`. */
declare function check<T extends true>(): T

const generator = new KeyGenerator('secret', { iterations: 1000, hashDigestClass: 'SHA256' })
check<Equals<ReturnType<typeof generator.generateKey>, Uint8Array>>()
check<Equals<ReturnType<typeof generator.generateKeyAsync>, Promise<Uint8Array>>>()
// @ts-expect-error: digests are in upper case
void new KeyGenerator('secret', { hashDigestClass: 'sha256' })
// @ts-expect-error: unknown option
void new KeyGenerator('secret', { rounds: 1 })
// @ts-expect-error: a secret is needed
void new KeyGenerator()

const verifier = new MessageVerifier(new Uint8Array(64), {
  serializer: 'ActiveSupport::JSON',
  digest: 'SHA512',
  urlSafe: true,
  rotations: [{ secret: 'old' }, { digest: 'SHA1' }],
})
check<Equals<ReturnType<typeof verifier.generate>, string>>()
check<Equals<ReturnType<typeof verifier.verify>, Opened>>()
check<Equals<ReturnType<typeof verifier.verified>, unknown>>()
check<Equals<ReturnType<typeof verifier.validMessage>, boolean>>()
verifier.generate({ id: 1 }, { purpose: 'login', expiresIn: '2 hours' })
verifier.generate(1, { expiresAt: new Date() })
// @ts-expect-error: a date
verifier.generate(1, { expiresAt: '2026-11-23' })
// @ts-expect-error: unknown metadata
verifier.generate(1, { expires_in: 60 })
// @ts-expect-error: a verifier has no cipher
void new MessageVerifier('secret', { cipher: 'aes-256-gcm' })

const encryptor = new MessageEncryptor('x'.repeat(32), {
  cipher: 'aes-256-cbc',
  signSecret: 'sign',
  rotations: [{ cipher: 'aes-128-gcm', secret: 'x'.repeat(16) }],
})
check<Equals<ReturnType<typeof encryptor.encryptAndSign>, string>>()
check<Equals<ReturnType<typeof encryptor.decryptAndVerify>, Opened>>()
// @ts-expect-error: no such cipher
void new MessageEncryptor('x'.repeat(32), { cipher: 'rot13' })
// @ts-expect-error: no such serializer
export const serializer: MessageSerializerName = 'YAML'

const cookies = parseCookies('a=b')
check<Equals<typeof cookies, Map<string, string | Uint8Array | null>>>()

const file = new EncryptedFile(EncryptedFile.generateKey(), { backend: 'node' })
check<Equals<ReturnType<typeof file.decrypt>, DecryptedFile | Rejected>>()
check<Equals<DecryptedFile['text'], string | null>>()
check<Equals<ReturnType<typeof file.encrypt>, string>>()
// @ts-expect-error: the cipher is Rails' choice
void new EncryptedFile('key', { cipher: 'aes-256-gcm' })
