import { inspect } from 'node:util'
import { ConfigError } from '../errors.ts'

/**
 * Reads each property of an options object exactly once, so that a getter or a proxy cannot answer differently the
 * second time, and refuses names that it does not know.
 */
export class OptionReader {
  readonly #where: string
  readonly #values = new Map<string, unknown>()

  /** `where` names the object in messages, e.g. `createRails` or `cookiesRotations[0]`. */
  constructor(where: string, options: unknown, known: readonly string[]) {
    this.#where = where
    if (typeof options !== 'object' || options === null || Array.isArray(options)) {
      // What stands here by mistake may well be the secret.
      throw new ConfigError(`${where}: expected an object with options, got ${describe(options, true)}`)
    }
    for (const name of Reflect.ownKeys(options)) {
      if (typeof name !== 'string' || !known.includes(name)) {
        throw new ConfigError(`${where}: unknown option ${String(name)}; ${suggestion(String(name), known)}`)
      }
      const value = (options as Record<string, unknown>)[name]
      if (value !== undefined) this.#values.set(name, value)
    }
  }

  has(name: string): boolean {
    return this.#values.has(name)
  }

  /** The value as given; undefined when it was not. */
  raw(name: string): unknown {
    return this.#values.get(name)
  }

  /** Throws the error for an option: what was given, what to write instead. Never shows a secret. */
  fail(name: string, expected: string, secret = false): never {
    const given = this.#values.has(name) ? describe(this.#values.get(name), secret) : 'missing'
    throw new ConfigError(`${this.#where}: ${name} is ${given}; write ${expected}`)
  }

  oneOf<const T extends string | boolean | null>(name: string, allowed: readonly T[]): T | undefined {
    const value = this.#values.get(name)
    if (value !== undefined && !allowed.includes(value as T)) {
      this.fail(name, `one of ${allowed.map((each) => inspect(each)).join(', ')}`)
    }
    return value as T | undefined
  }

  boolean(name: string): boolean | undefined {
    const value = this.#values.get(name)
    if (value !== undefined && typeof value !== 'boolean') this.fail(name, 'true or false')
    return value as boolean | undefined
  }

  integer(name: string, lowest: number, highest: number): number | undefined {
    const value = this.#values.get(name)
    if (
      value !== undefined &&
      !(Number.isInteger(value) && (value as number) >= lowest && (value as number) <= highest)
    ) {
      this.fail(name, `a whole number from ${lowest} to ${highest}`)
    }
    return value as number | undefined
  }

  /** Text without lone surrogates, which have no bytes. */
  text(name: string, secret = false): string | undefined {
    const value = this.#values.get(name)
    if (value !== undefined && !(typeof value === 'string' && value.isWellFormed())) this.fail(name, 'a string', secret)
    return value as string | undefined
  }

  /** A salt: text, or null where the setting can be switched off by it. Rails takes "" for nil. */
  salt(name: string): string | null | undefined {
    if (this.#values.get(name) === null) return null
    const value = this.text(name)
    return value === '' ? null : value
  }

  /** The elements of an array; none when it was not given. */
  list(name: string): readonly unknown[] {
    const value = this.#values.get(name)
    if (value !== undefined && !Array.isArray(value)) this.fail(name, 'an array')
    return value === undefined ? [] : [...(value as unknown[])]
  }

  function<T>(name: string): T | undefined {
    const value = this.#values.get(name)
    if (value !== undefined && typeof value !== 'function') this.fail(name, 'a function')
    return value as T | undefined
  }
}

function describe(value: unknown, secret = false): string {
  if (typeof value === 'string') return secret ? `a string of ${value.length} characters` : inspect(shorten(value))
  if (typeof value === 'number' && secret) return 'a number'
  if (value === null || typeof value === 'number' || typeof value === 'boolean') return String(value)
  if (Array.isArray(value)) return `an array of ${value.length}`
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`
}

function shorten(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}…` : text
}

function suggestion(name: string, known: readonly string[]): string {
  const plain = (text: string): string => text.toLowerCase().replaceAll(/[^a-z]/g, '')
  const most = Math.min(3, name.length / 3)
  const near = known.find((each) => plain(each) === plain(name)) ?? known.find((each) => distance(each, name) <= most)
  return near === undefined ? `known are ${known.join(', ')}` : `did you mean ${near}?`
}

/** Levenshtein distance. */
function distance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 0; i < a.length; i++) {
    const row = [i + 1]
    for (let j = 0; j < b.length; j++) {
      row.push(Math.min(row[j]! + 1, previous[j + 1]! + 1, previous[j]! + (a[i] === b[j] ? 0 : 1)))
    }
    previous = row
  }
  return previous[b.length]!
}
