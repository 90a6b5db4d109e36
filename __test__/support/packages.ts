import { spawnSync } from 'node:child_process'

/** What a Rails application takes of Debian's packages. */
export const RAILS_PACKAGES = ['ruby', 'ruby-activesupport', 'ruby-actionpack', 'ruby-railties', 'ruby-msgpack']

/** Something that a test needs is not there, and cannot be had here; the message says what to do. */
export class Absent extends Error {}

/**
 * Installs Debian packages.
 *
 * @param within what starts a program where they belong, such as `['chroot', folder]`
 */
export function aptInstall(packages: readonly string[], within: readonly string[] = []): void {
  const unattended = { DEBIAN_FRONTEND: 'noninteractive' }
  must([...within, 'apt-get', 'update'], unattended)
  must([...within, 'apt-get', 'install', '-y', '--no-install-recommends', ...packages], unattended)
}

/**
 * Runs a program and waits for it.
 *
 * @param variables added to the environment
 * @throws Absent when there is no such program; Error with the end of what it printed when it fails.
 */
export function must(command: readonly string[], variables: NodeJS.ProcessEnv = {}): void {
  const [program, ...args] = command
  const env = { ...process.env, ...variables }
  const { status, error, stdout, stderr } = spawnSync(program!, args, { encoding: 'utf8', env })
  if (status === 0) return
  if ((error as NodeJS.ErrnoException | undefined)?.code === 'ENOENT') throw new Absent(`install ${program}`)
  const output = error?.message ?? `${stdout}${stderr}`.trim().split('\n').slice(-5).join('\n')
  throw new Error(`${command.join(' ')}: ${output}`)
}
