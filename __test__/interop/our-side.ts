import { createRails, type Rails } from '../../index.ts'
import type { Cookie, SetCookieOptions } from '../../src/cookies/cookie.ts'
import { CookieOverflowError, UnserializableValueError } from '../../src/errors.ts'
import type { Opened } from '../../src/messages/opened.ts'
import { cookieIn } from '../conformance/applications.ts'
import { derivedRotation, type Framework, railsOptions } from '../conformance/settings.ts'
import { withoutNulls } from '../conformance/typed-tree.ts'
import type { RailsConfig } from './configs.ts'
import type { Read, Written } from './rails-process.ts'
import type { Attributes, Jar, Trial } from './trials.ts'

/** What was read, and the plain data beside the tree. */
export type OurRead = Read & { readonly data?: unknown }

/** A cookie to read: the text after `name=`, and who reads it when. */
export interface Reading {
  readonly jar: Jar
  readonly name: string
  readonly config: RailsConfig
  readonly cookie: string
  readonly now: number
}

/** This library, asked the same as rails.rb. */
export class OurSide {
  readonly #framework: Framework
  readonly #backend: 'native' | 'node'
  readonly #made = new Map<string, Rails>()
  #time = 0

  constructor(framework: Framework, backend: 'native' | 'node') {
    this.#framework = framework
    this.#backend = backend
  }

  /** Writes the cookie of a trial with this value. */
  write(trial: Trial, value: unknown): Written {
    this.#time = trial.now
    try {
      const line = this.#writer(trial).setCookie(value, requestOptions(trial))
      return { lines: line === null ? [] : [line] }
    } catch (error) {
      return { raised: exceptionOf(error) }
    }
  }

  /** Whether the cookie of a trial can hold this value. */
  fits(trial: Trial, value: unknown): boolean {
    this.#time = trial.now
    try {
      this.#writer(trial).seal(value, requestOptions(trial))
      return true
    } catch (error) {
      exceptionOf(error)
      return false
    }
  }

  read(reading: Reading): OurRead {
    this.#time = reading.now
    const cookie = this.#cookie(reading, false)
    return answer(cookie.open(reading.cookie), reading.jar)
  }

  /** Changes keys of a session that Rails wrote; the new cookie, or the exception that Rails would raise. */
  update(reading: Reading, changes: Readonly<Record<string, unknown>>): { cookie: string } | { raised: string } {
    this.#time = reading.now
    const { session } = this.#application(reading, false)
    const opened = session.open(reading.cookie)
    if (!opened.ok) throw new Error(`a session of Rails was refused: ${opened.reason}`)
    try {
      return { cookie: session.update(opened, changes) }
    } catch (error) {
      return { raised: exceptionOf(error) }
    }
  }

  /** The other ways to the same answer: out of a whole header; with rotations derived from the older secret. */
  readOtherwise(reading: Reading): OurRead[] {
    this.#time = reading.now
    const header = `a=1; ${reading.name}=${reading.cookie}; ${reading.name}=2`
    const answers = [answer(this.#cookie(reading, false).openHeader(header), reading.jar)]
    if (reading.config.cookies_rotations.some(({ derived_from: from }) => from !== undefined)) {
      answers.push(answer(this.#cookie(reading, true).open(reading.cookie), reading.jar))
    }
    return answers
  }

  #writer({ jar, name, config }: Trial): Cookie {
    return this.#cookie({ jar, name, config }, false)
  }

  #cookie(reading: Pick<Reading, 'jar' | 'name' | 'config'>, derived: boolean): Cookie {
    return cookieIn(this.#application(reading, derived), reading.jar, reading.name)
  }

  #application({ name, config }: Pick<Reading, 'name' | 'config'>, derived: boolean): Rails {
    const identity = JSON.stringify([name, derived, config])
    let rails = this.#made.get(identity)
    if (rails === undefined) {
      if (this.#made.size > MOST_APPLICATIONS) this.#made.clear()
      const options = railsOptions(config, this.#framework)
      rails = createRails({
        ...options,
        ...(derived ? { cookiesRotations: config.cookies_rotations.map(derivedRotation) } : {}),
        session: { ...options.session, key: name },
        backend: this.#backend,
        now: () => this.#time,
      })
      this.#made.set(identity, rails)
    }
    return rails
  }
}

function answer(opened: Opened, jar: Jar): OurRead {
  if (!opened.ok) return { accepted: false, reason: opened.reason }
  if (opened.data === null) return { accepted: false, reason: STORED_NIL }
  const session = jar === 'session'
  const tree = opened.typed()
  // Rails' session hides what is nil.
  const typed = session ? withoutNulls(tree) : tree
  const data = session ? withoutNulls(opened.data) : opened.data
  return { accepted: true, typed, data, rewritten: opened.meta.rewrite }
}

function requestOptions({ attributes, https, host }: Trial): SetCookieOptions {
  const { expires, httponly: httpOnly, same_site: sameSite, ...same } = attributes
  return {
    ...same,
    ...(httpOnly === undefined ? {} : { httpOnly }),
    ...(sameSite === undefined ? {} : { sameSite: sameSite as 'lax' }),
    ...(expires === undefined ? {} : { expires: date(expires) }),
    https,
    host,
  }
}

function date(expires: NonNullable<Attributes['expires']>): Date | string {
  return 'at' in expires ? new Date(expires.at) : `${expires.in} seconds`
}

/** The class of the exception that Rails raises in the same case; throws what is none of both. */
function exceptionOf(error: unknown): string {
  if (error instanceof CookieOverflowError) return 'ActionDispatch::Cookies::CookieOverflow'
  if (!(error instanceof UnserializableValueError)) throw error
  if (error.message.includes('nested more than')) return 'JSON::NestingError'
  return error.message.includes('as MessagePack') ? UNSERIALIZABLE : 'JSON::GeneratorError'
}

/** The reason of an answer that the cookie holds nil, which Rails does not tell from a refusal. */
export const STORED_NIL = 'stored nil'
const UNSERIALIZABLE = 'ActiveSupport::MessagePack::UnserializableObjectError'
const MOST_APPLICATIONS = 200
