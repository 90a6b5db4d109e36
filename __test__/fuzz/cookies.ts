import { Buffer } from 'node:buffer'
import { createCipheriv, createHmac, pbkdf2Sync } from 'node:crypto'
import { type Cookie, createRails, type RailsOptions, type Session, type SessionData } from '../../index.ts'
import { loadNative } from '../../src/backend/native.ts'
import { ReportWord } from '../../src/backend/report.ts'

/** The cookie of an application: any payload can be sealed into it, and both backends open it. */
export interface SealedBy {
  readonly name: string
  /** The value as it stands in a Cookie header. Plain code on purpose, and without the limits of cookies. */
  seal(payload: Buffer): string
  readonly native: Cookie
  readonly node: Cookie
  /** The same cookie as that of the session. */
  readonly nativeSession: Session<SessionData>
  readonly nodeSession: Session<SessionData>
}

/** A signed cookie with nothing but the payload in it, and an encrypted one with the metadata envelope. */
export function applications(): readonly SealedBy[] {
  return [
    application('signed', { useCookiesWithMetadata: false, encryptSession: false }, 'signed', (payload) => {
      const data = payload.toString('base64')
      return `${data}--${createHmac('sha1', SIGNING_KEY).update(data).digest('hex')}`
    }),
    application('gcm+envelope', {}, 'encrypted', (payload) => {
      const message = payload.toString('base64')
      const cipher = createCipheriv('aes-256-gcm', CIPHER_KEY, IV)
      const envelope = JSON.stringify({ _rails: { message, exp: null, pur: `cookie.${NAME}` } })
      const ciphertext = Buffer.concat([cipher.update(envelope, 'latin1'), cipher.final()])
      return [ciphertext, IV, cipher.getAuthTag()].map((part) => part.toString('base64')).join('--')
    }),
  ]
}

/** Whether the native cookie that was opened last had tokens. */
export function hadTokens(): boolean {
  const { words } = REPORT
  return words[ReportWord.STATUS] === 0 && words[ReportWord.TOKENS] !== 0
}

function application(
  name: string,
  options: RailsOptions,
  jar: 'signed' | 'encrypted',
  protect: (payload: Buffer) => string,
): SealedBy {
  const [native, node] = (['native', 'node'] as const).map((backend) =>
    createRails({
      secretKeyBase: SECRET,
      // Reads every format.
      cookiesSerializer: 'json_allow_marshal',
      session: { key: NAME },
      limits: { readBytes: 1_048_576 },
      now: () => 0,
      loadDefaults: '8.1',
      ...options,
      backend,
    }),
  )
  return {
    name,
    seal: (payload) => encodeURIComponent(protect(payload)),
    native: native!.cookies[jar](NAME),
    node: node!.cookies[jar](NAME),
    nativeSession: native!.session,
    nodeSession: node!.session,
  }
}

const NAME = '_shop_session'
const SECRET = '5ec2e7'.repeat(12)
const SIGNING_KEY = pbkdf2Sync(SECRET, 'signed cookie', 1000, 64, 'sha256')
const CIPHER_KEY = pbkdf2Sync(SECRET, 'authenticated encrypted cookie', 1000, 32, 'sha256')
const IV = Buffer.alloc(12, 7)
// A backend has one report for all of its keyrings.
const REPORT = (() => {
  const backend = loadNative()
  return backend.keyring([{ kind: 'signed', digest: 'SHA1', key: backend.key(SIGNING_KEY), urlSafe: false }]).report
})()
