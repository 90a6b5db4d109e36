import { cipherOf } from './configs.ts'
import type { Finding } from './exchange.ts'
import { JARS, type Jar, type Trial, VARIATIONS } from './trials.ts'

/** Counts what was compared. */
export class Tally {
  passed = 0
  readonly #checks = new Map<string, number>()
  readonly #ciphers = new Map<string, number>()
  readonly #serializers = new Map<string, number>()
  readonly #variations = new Map<string, number>()
  readonly #accepted = new Map<string, number>()
  readonly #excuses = new Map<string, number>()
  readonly #differences: string[] = []
  #exchanged = 0

  /** Cookies that went each way. */
  get exchanged(): number {
    return this.#exchanged
  }

  get failed(): number {
    return this.#differences.length
  }

  /** The first differences, each with the trial that shows it. */
  get differences(): readonly string[] {
    return this.#differences.slice(0, MOST_SHOWN)
  }

  add(trial: Trial, findings: readonly Finding[]): void {
    for (const { check, difference, excuse } of findings) {
      if (excuse !== null) add(this.#excuses, excuse)
      add(this.#checks, `${trial.jar}/${check}`)
      if (difference === null) this.passed++
      else this.#differences.push(`${trial.jar}, ${trial.variation}, ${check}: ${difference}\n${describe(trial)}`)
    }
    const reads = findings.filter(({ check }) => check === 'Rails reads ours' || check === 'we read Rails')
    if (reads.length < 2) {
      // Too long, not serializable, or secure over plain HTTP.
      add(this.#checks, `${trial.jar}/not sent`)
      return
    }
    this.#exchanged++
    add(this.#variations, trial.variation)
    if (reads.some(({ accepted }) => accepted)) add(this.#accepted, trial.variation)
    if (trial.jar === 'session' || trial.jar.endsWith('encrypted')) add(this.#ciphers, cipherOf(trial.config))
    if (trial.jar.endsWith('signed')) add(this.#ciphers, `HMAC ${trial.config.signed_cookie_digest ?? 'SHA1'}`)
    if (!trial.jar.endsWith('plain')) add(this.#serializers, trial.config.cookies_serializer)
  }

  /** Rows for the terminal. */
  table(): string {
    const row = (name: string, cells: readonly string[]): string =>
      name.padEnd(22) + cells.map((cell) => cell.padStart(18)).join('')
    const counted = (jar: Jar): string =>
      row(
        jar,
        COLUMNS.map((check) => String(count(this.#checks, `${jar}/${check}`))),
      )
    return [
      row('compared', COLUMNS),
      ...JARS.map(counted),
      `accepted: ${VARIATIONS.map((name) => `${name} ${count(this.#accepted, name)} of ${count(this.#variations, name)}`).join(', ')}`,
      `schemes: ${list(this.#ciphers)}`,
      `serializers: ${list(this.#serializers)}`,
      `Rails' answer not compared: ${list(this.#excuses) || 'none'}`,
    ].join('\n')
  }
}

function add(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1)
}

function count(counts: ReadonlyMap<string, number>, key: string): number {
  return counts.get(key) ?? 0
}

function list(counts: ReadonlyMap<string, number>): string {
  const names = [...counts.keys()].toSorted()
  return names.map((name) => `${name} ${count(counts, name)}`).join(', ')
}

function describe({ number, name, reader, config, attributes, now, https }: Trial): string {
  const asked = { number, name, reader: { jar: reader.jar, name: reader.name }, attributes, now, https }
  const read = config === reader.config ? '' : `\n    read with ${JSON.stringify(reader.config)}`
  return `    ${JSON.stringify(asked)}\n    ${JSON.stringify(config)}${read}`
}

const COLUMNS = ['written', 'not sent', 'Rails reads ours', 'we read Rails', 'own', 'tampered', 'expired']
const MOST_SHOWN = 20
