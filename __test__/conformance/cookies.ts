import { ConfigError, CookieOverflowError, UnserializableValueError } from '../../src/errors.ts'
import { RubyHash } from '../../src/ruby/hash.ts'
import type { RailsOptions } from '../../src/rails/options.ts'
import type { Rails } from '../../src/rails/rails.ts'
import { formEscape } from '../../src/cookies/escape.ts'
import { type Answer, answerOf, sameAnswer } from './answer.ts'
import { type Applications, cookieIn, cookieOf, railsOf, type Side } from './applications.ts'
import { derivedRotation, type Framework, railsOptions, type RecordedRotation } from './settings.ts'
import { sessionTree, valueOf } from './typed-tree.ts'
import type { CookieCase, VectorConfig } from './vectors.ts'

/** Opens the recorded cookie as the application of the case. */
export function readCookie(applications: Applications, framework: Framework, vector: CookieCase): Answer {
  applications.stopClock(vector.now)
  applications.backend.forget()
  return open(railsOf(applications, readingSide(framework, vector)), vector)
}

/** The settings that the case is read with. */
export function readingSide(framework: Framework, { config, jar, cookie_name: name }: CookieCase): Side {
  return { framework, config, jar, name }
}

function open(rails: Rails, vector: CookieCase): Answer {
  const cookie = cookieIn(rails, vector.jar, vector.cookie_name)
  return answerOf(cookie.open(vector.cookie_header_value), vector.jar === 'session')
}

/**
 * The same cookie by other ways that must lead to the same answer: out of a whole Cookie header, with rotations that
 * are derived instead of given, with `load_defaults` instead of single settings. Null, or the way that went wrong.
 */
export function otherWays(
  applications: Applications,
  framework: Framework,
  vector: CookieCase,
  answer: Answer,
): string | null {
  const { config, cookie_name: name, cookie_header_value: value, load_defaults: defaults } = vector
  const side = readingSide(framework, vector)
  if (value !== undefined && TOKEN.test(name) && !value.includes(';')) {
    const opened = cookieOf(applications, side).openHeader(`a=1; ${name}=${value}; ${name}=2`)
    if (!sameAnswer(answer, answerOf(opened, vector.jar === 'session'))) return 'openHeader answers otherwise'
  }
  const other = (variant: string, change: (options: RailsOptions) => RailsOptions): string | null =>
    sameAnswer(answer, open(railsOf(applications, side, variant, change), vector))
      ? null
      : `${variant} answers otherwise`
  const rotations = (config['cookies_rotations'] ?? []) as readonly RecordedRotation[]
  if (rotations.some(({ derived_from: from }) => from !== undefined)) {
    const derived = rotations.map(derivedRotation)
    const found = other('derived rotations', (options) => ({ ...options, cookiesRotations: derived }))
    if (found !== null) return found
  }
  if (defaults === undefined || defaults === 'none') return null
  const secrets = railsOptions(pick(config, ['secret_key_base', 'secret_token']), framework)
  return other(`loadDefaults ${defaults}`, ({ session }) => ({
    ...secrets,
    ...(session === undefined ? {} : { session }),
    loadDefaults: defaults as Framework['rails'],
  }))
}

/** Whether a message, sealed by the application of the case, holds nil. */
export function opensToNil(
  applications: Applications,
  framework: Framework,
  vector: CookieCase,
  message: string,
): boolean {
  const { jar, config } = vector
  // Not as a session, which is never nil.
  const plainJar = jar !== 'session' ? jar : typeof config['secret_key_base'] === 'string' ? 'encrypted' : 'signed'
  const opened = cookieOf(applications, { ...readingSide(framework, vector), jar: plainJar }).open(formEscape(message))
  return opened.ok && opened.data === null
}

/** What sealing gives where Rails sealed nothing: the number of bytes that are too many, or the error's name. */
export function writeCookie(applications: Applications, framework: Framework, vector: CookieCase): string {
  const session = vector.jar === 'session'
  const value = valueOf(session ? sessionTree(vector.input_typed) : vector.input_typed)
  applications.stopClock(vector.now)
  try {
    const side = readingSide(framework, vector)
    // As an application that has said nothing about weak secrets.
    const rails = railsOf(applications, side, 'strong secrets', (options) => ({ ...options, allowWeakSecret: false }))
    const cookie = cookieIn(rails, side.jar, side.name)
    cookie.seal(session && value instanceof RubyHash ? Object.fromEntries(value.pairs) : value)
    return 'sealed'
  } catch (error) {
    if (error instanceof CookieOverflowError) return `overflow ${error.bytes}`
    if (error instanceof UnserializableValueError) return 'unserializable'
    if (error instanceof ConfigError) return 'misconfigured'
    throw error
  }
}

function pick(config: VectorConfig, names: readonly string[]): VectorConfig {
  return Object.fromEntries(names.filter((name) => name in config).map((name) => [name, config[name]]))
}

const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/
