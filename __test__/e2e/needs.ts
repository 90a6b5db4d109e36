import { spawnSync } from 'node:child_process'
import { Absent, aptInstall, RAILS_PACKAGES } from '../support/packages.ts'

/** What must be on the machine, how that is found out, and the Debian packages that have it. */
interface Need {
  readonly what: string
  readonly probe: readonly [program: string, ...args: string[]]
  readonly packages: readonly string[]
}

/** The browser: Debian's, or where `CHROMIUM` says. */
export const CHROMIUM = process.env['CHROMIUM'] ?? '/usr/bin/chromium'

/**
 * Installs what is missing with apt, if it may.
 *
 * @throws Absent when something is missing and this is not root, or no Debian.
 */
export function installNeeds(): void {
  const missing = missingNeeds()
  if (missing.length === 0) return
  const packages = missing.flatMap((need) => need.packages)
  const absent = `no ${missing.map(({ what }) => what).join(', no ')}; as root: apt-get install ${packages.join(' ')}`
  if (process.getuid?.() !== 0) throw new Absent(absent)
  process.stdout.write(`e2e: apt-get install ${packages.join(' ')}\n`)
  try {
    aptInstall(packages)
  } catch (error) {
    throw error instanceof Absent ? new Absent(absent) : error
  }
  const still = missingNeeds().map(({ what }) => what)
  if (still.length > 0)
    throw new Absent(`apt-get installed ${packages.join(' ')}, and there is no ${still.join(', no ')}`)
}

function missingNeeds(): readonly Need[] {
  return NEEDS.filter(({ probe: [program, ...args] }) => spawnSync(program, args).status !== 0)
}

const NEEDS: readonly Need[] = [
  {
    what: 'Rails',
    probe: ['ruby', '-e', 'require "logger"; require "action_controller/railtie"'],
    packages: RAILS_PACKAGES,
  },
  { what: 'puma', probe: ['puma', '--version'], packages: ['puma'] },
  { what: 'Chromium', probe: [CHROMIUM, '--version'], packages: ['chromium'] },
]
