import { copyFileSync, existsSync, mkdirSync, readdirSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { Absent, aptInstall, must, RAILS_PACKAGES } from '../support/packages.ts'
import { RailsProcess } from './rails-process.ts'

/** The Rails versions that Debian has, by its releases. */
export const RELEASES: Readonly<Record<string, string>> = { '6.1': 'bookworm', '7.2': 'trixie' }

/** Where Rails is looked for. */
export interface RailsWanted {
  /** `6.1` or `7.2`; undefined: what the machine has. */
  readonly version: string | undefined
  /** Folder for a Debian of its own, where the machine has another Rails or none. */
  readonly root: string | undefined
  /** rails.rb. */
  readonly script: string
}

/**
 * Starts the Rails that is wanted: the machine's own, or one in a Debian root that is made on first use, which takes
 * some minutes, root rights and debootstrap.
 *
 * @throws Absent when neither can be had.
 */
export async function startRails({ version, root, script }: RailsWanted): Promise<RailsProcess> {
  if (root === undefined) {
    const own = await startOwn(script)
    if (own !== null && (version === undefined || own.identity.rails.startsWith(`${version}.`))) return own
    own?.stop()
    if (version === undefined) throw new Absent(`install ${RAILS_PACKAGES.join(' ')}`)
  }
  const release = RELEASES[version ?? '6.1']!
  const folder = root ?? process.env['RAILS_INTEROP_ROOT'] ?? join(tmpdir(), `rails-session-${release}`)
  makeRoot(release, folder)
  mkdirSync(join(folder, 'interop'), { recursive: true })
  const scripts = readdirSync(dirname(script)).filter((name) => name.endsWith('.rb'))
  for (const name of scripts) copyFileSync(join(dirname(script), name), join(folder, 'interop', name))
  return RailsProcess.start(['chroot', folder, 'env', 'LANG=C.UTF-8', 'ruby', '/interop/rails.rb'])
}

/** The machine's own Rails; null when there is none. */
async function startOwn(script: string): Promise<RailsProcess | null> {
  try {
    return await RailsProcess.start(['ruby', script])
  } catch (error) {
    if (/ENOENT|cannot load such file/.test((error as Error).message)) return null
    throw error
  }
}

/** A Debian with Ruby and Rails in a folder, unless it is there already. */
function makeRoot(release: string, folder: string): void {
  if (process.getuid?.() !== 0) throw new Absent(`a Debian ${release} in a folder takes root rights; run as root`)
  // The default is a place where anybody may put a folder, and programs in it are run by root.
  if (existsSync(folder) && statSync(folder).uid !== 0) throw new Error(`${folder} does not belong to root`)
  if (existsSync(join(folder, READY))) return
  // debootstrap removes its own folder when it is done.
  if (!existsSync(join(folder, 'etc/os-release')) || existsSync(join(folder, 'debootstrap'))) {
    process.stdout.write(`interop: making a Debian ${release} in ${folder}\n`)
    must(['debootstrap', '--variant=minbase', '--include=ruby', release, folder])
  }
  aptInstall([...RAILS_PACKAGES, 'ruby-bigdecimal', 'tzdata'], ['chroot', folder])
  must(['chroot', folder, 'touch', `/${READY}`])
}

const READY = 'interop-ready'
