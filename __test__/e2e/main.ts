// `npm run e2e`: people with browsers go between the Rails and the Node applications of examples/beside-rails.
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Browser, chromium } from 'playwright-core'
import { Absent } from '../support/packages.ts'
import { Checks } from './checks.ts'
import { CHROMIUM, installNeeds } from './needs.ts'
import { Person } from './person.ts'
import { STEPS } from './scenario.ts'
import { type Framework, FRAMEWORKS, startServers } from './servers.ts'

async function main(): Promise<number> {
  try {
    installNeeds()
  } catch (error) {
    if (!(error instanceof Absent)) throw error
    const required = process.env['RAILS_E2E'] === 'required'
    const verdict = required ? 'FAILED, RAILS_E2E=required and' : 'SKIPPED,'
    process.stdout.write(`e2e: ${verdict} ${error.message}\n`)
    return required ? 1 : 0
  }
  rmSync(SCREENSHOTS, { recursive: true, force: true })
  const checks = new Checks()
  const finish = (): number => {
    process.stdout.write(`e2e: screenshots are in ${SCREENSHOTS}\n`)
    process.stdout.write(`${checks.passed} passed, ${checks.failed} failed\n`)
    return checks.failed > 0 ? 1 : 0
  }
  // Children end with this process, however it ends.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(1))
  setTimeout(() => {
    checks.fail('e2e', `is not done after ${LIMIT_MS / 1000} seconds`)
    process.exit(finish())
  }, LIMIT_MS).unref()

  try {
    await playAll(checks)
  } catch (error) {
    checks.fail('e2e', String(error))
  }
  return finish()
}

async function playAll(checks: Checks): Promise<void> {
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: OFFLINE })
  try {
    for (const framework of FRAMEWORKS) {
      // oxlint-disable-next-line no-await-in-loop -- pages load faster alone, and a log of one is easier to read
      await play(framework, browser, checks)
    }
  } finally {
    await browser.close()
  }
}

/** Every step, between Rails and one Node application. A step that fails does not stop the next. */
async function play(framework: Framework, browser: Browser, checks: Checks): Promise<void> {
  const screenshots = join(SCREENSHOTS, framework)
  mkdirSync(screenshots, { recursive: true })
  const { rails, node } = await startServers(framework)
  const failedBefore = checks.failed
  try {
    const person = await Person.with(browser, screenshots)
    for (const step of STEPS) {
      const title = `${framework}: ${inWords(step.name)}`
      const expect = (what: string, actual: unknown, expected: unknown): void =>
        checks.same(`${title}: ${what}`, actual, expected)
      const scene = { person, rails: rails.url, node: node.url, framework: TITLES[framework], expect }
      // oxlint-disable-next-line no-await-in-loop -- one step follows from the other
      await step(scene).catch(async (error: unknown) => {
        checks.fail(title, String(error))
        await person.looks('failed').catch(() => undefined)
      })
    }
    await person.leaves()
  } finally {
    await Promise.all([rails.stop(), node.stop()])
  }
  if (checks.failed > failedBefore) process.stdout.write(`Rails printed:\n${rails.log}\nNode printed:\n${node.log}\n`)
}

/** `logsInAtRails` as `logs in at rails`. */
function inWords(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
}

const TITLES: Readonly<Record<Framework, string>> = { express: 'Express', fastify: 'Fastify' }
// A browser left alone asks its maker for updates.
const OFFLINE = ['--no-proxy-server', '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1']
const LIMIT_MS = 90_000
// Seen from build/__test__/e2e, where this runs.
const SCREENSHOTS = fileURLToPath(new URL('../../screenshots', import.meta.url))

process.exitCode = await main()
