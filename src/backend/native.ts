import { createRequire } from 'node:module'
import process from 'node:process'
import type * as Addon from '#native'
import { RailsSessionError } from '../errors.ts'
import type { Backend, Derivation, Key, Keyring, Scheme } from './backend.ts'
import type { Draft } from './draft.ts'
import { createReport } from './report.ts'

/** Platforms that a release has a binary for, as the names of the packages that hold them end. */
export const NATIVE_PLATFORMS: readonly string[] = [
  'linux-x64-gnu',
  'linux-arm64-gnu',
  'linux-x64-musl',
  'linux-arm64-musl',
  'darwin-x64',
  'darwin-arm64',
  'win32-x64-msvc',
  'win32-arm64-msvc',
]

let loaded: Backend | RailsSessionError | undefined

/**
 * The backend of the Rust addon. Its binary is looked for once per thread, at the first call.
 *
 * Throws a {@link RailsSessionError} with code `ERR_RAILS_SESSION_NATIVE_LOAD` that names the missing package.
 */
export function loadNative(): Backend {
  loaded ??= load()
  if (loaded instanceof RailsSessionError) throw loaded
  return loaded
}

function load(): Backend | RailsSessionError {
  try {
    // Not an import: a missing binary must not keep the package from being imported.
    return adapt(createRequire(import.meta.url)('#native') as typeof Addon)
  } catch (cause) {
    return new RailsSessionError('ERR_RAILS_SESSION_NATIVE_LOAD', explain(), { cause })
  }
}

function adapt(addon: typeof Addon): Backend {
  const report = createReport(MOST_WORDS)
  const words = new Uint32Array(MOST_WORDS)
  const workspace = new addon.Workspace(report.words, words)
  const learn = (key: string): number | null => workspace.learnKey(key)
  const draft: Draft = { words, length: 0, text: '', escapes: 0, keys: new Map(), learn }
  return Object.freeze<Backend>({
    name: 'native',
    derive: ({ digest, secret, salt, iterations, length }: Derivation): Key =>
      addon.derive(digest, secret, salt, iterations, length),
    // Async: a wrong argument rejects the promise, as with the other backend.
    deriveAsync: async ({ digest, secret, salt, iterations, length }: Derivation): Promise<Key> =>
      addon.deriveAsync(digest, secret, salt, iterations, length),
    key: (bytes: Uint8Array): Key => addon.Key.fromBytes(bytes),
    keyring: (schemes: readonly Scheme[]): Keyring => {
      const builder = new addon.KeyringBuilder()
      for (const scheme of schemes) add(builder, scheme)
      return Object.assign(builder.build(workspace), { report, draft })
    },
  })
}

/** The addon refuses a key that another backend made. */
function add(builder: Addon.KeyringBuilder, scheme: Scheme): void {
  const key = scheme.key as Addon.Key
  switch (scheme.kind) {
    case 'signed':
      builder.addSigned(scheme.digest, key, scheme.urlSafe)
      break
    case 'cbc':
      builder.addCbc(scheme.cipher, key, scheme.digest, scheme.signKey as Addon.Key, scheme.urlSafe)
      break
    case 'aead':
      builder.addAead(scheme.cipher, key, scheme.urlSafe)
  }
}

function explain(): string {
  const platform = platformName()
  const wanted = NATIVE_PLATFORMS.includes(platform)
    ? `The package rails-session-${platform} is missing or does not load: install rails-session again without omitting optional dependencies.`
    : `There is no binary for ${platform}.`
  return `The native addon could not be loaded. ${wanted} Binaries exist for ${NATIVE_PLATFORMS.join(', ')}. Option backend: 'node' runs on node:crypto instead.`
}

function platformName(): string {
  const { arch, platform } = process
  switch (platform) {
    case 'linux':
      return `linux-${arch}-${isMusl() ? 'musl' : 'gnu'}`
    case 'win32':
      return `win32-${arch}-msvc`
    default:
      return `${platform}-${arch}`
  }
}

function isMusl(): boolean {
  const report = process.report as { excludeNetwork?: boolean; getReport(): unknown } | undefined
  if (report === undefined) return false
  // Otherwise the report asks name servers for the names of all peers.
  const before = report.excludeNetwork
  report.excludeNetwork = true
  const { header } = report.getReport() as { header?: { glibcVersionRuntime?: string } }
  report.excludeNetwork = before ?? false
  return header?.glibcVersionRuntime === undefined
}

/** Words of tokens and drafts, of which the payload of a cookie has fewer. */
const MOST_WORDS = 4096
