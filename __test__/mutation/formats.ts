import { type Cookie, createRails, type RailsOptions } from '../../index.ts'
import { formDecoded } from './form-decoder.ts'

/** The backends that a run compares. */
export type BackendName = 'native' | 'node'

/** One kind of cookie: good ones, and what opens them. */
export interface Format {
  readonly name: string
  readonly cookies: readonly string[]
  /** What the good cookies hold as JSON, by their form-decoded texts. */
  readonly contents: ReadonlyMap<string, string>
  /** One cookie of the same application for each backend. */
  readonly openers: readonly Cookie[]
}

/** The formats, each with good cookies of many lengths and of every amount of padding. */
export function formats(backends: readonly BackendName[]): Format[] {
  return Object.entries(SETTINGS).map(([name, { jar, ...options }]) => {
    const openers = backends.map((backend) =>
      createRails({ ...COMMON, ...options, backend }).cookies[jar]('_shop_session'),
    )
    const [writer] = openers
    if (writer === undefined) throw new Error('no backend')
    const contents = new Map<string, string>()
    const cookies = VALUES.map((value) => {
      const cookie = writer.seal(value)
      contents.set(formDecoded(cookie), JSON.stringify(value))
      return cookie
    })
    return { name, cookies, contents, openers }
  })
}

interface Settings extends RailsOptions {
  readonly jar: 'encrypted' | 'signed'
}

const COMMON: RailsOptions = {
  secretKeyBase: '5ec2e7'.repeat(12),
  cookiesSerializer: 'json',
  // An older secret and a rotation, so that what one scheme refuses the next ones see.
  cookiesRotations: [
    { kind: 'encrypted', secretKeyBase: '01d'.repeat(12) },
    { kind: 'signed', secretKeyBase: '01d'.repeat(12) },
  ],
}

const SETTINGS: Readonly<Record<string, Settings>> = {
  gcm: { jar: 'encrypted', loadDefaults: '5.2' },
  'gcm+envelope': { jar: 'encrypted', loadDefaults: '8.1' },
  cbc: { jar: 'encrypted', loadDefaults: '5.1' },
  'signed SHA1': { jar: 'signed', loadDefaults: '5.2' },
  'signed SHA256': { jar: 'signed', loadDefaults: '5.2', signedCookieDigest: 'SHA256' },
  'signed+envelope': { jar: 'signed', loadDefaults: '8.1' },
}

const VALUES: readonly unknown[] = [
  1,
  null,
  '',
  ['?', '>', '~', 'é', '👍'],
  { user_id: 42, _csrf_token: 'x'.repeat(43) },
  ...Array.from({ length: 27 }, (_, i) => ({ session_id: 'f'.repeat(32), pad: '>?~é'.repeat(i).slice(0, 1 + 3 * i) })),
]
