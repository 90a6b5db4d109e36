import type { Backend } from '../../src/backend/backend.ts'
import type { Cookie } from '../../src/cookies/cookie.ts'
import type { RailsOptions } from '../../src/rails/options.ts'
import { createRailsOn, type Rails } from '../../src/rails/rails.ts'
import { type Framework, railsOptions } from './settings.ts'
import { VectorBackend } from './vector-backend.ts'
import type { VectorConfig } from './vectors.ts'

/** The Rails applications of the vectors, one for each settings that come up, with a clock that stands still. */
export class Applications {
  readonly backend: VectorBackend
  readonly #made = new Map<string, Rails>()
  #time = 0

  constructor(backend: Backend) {
    this.backend = VectorBackend.over(backend)
  }

  /** Sets the clock of all applications. `time` is an ISO 8601 text. */
  stopClock(time: string): void {
    this.#time = Date.parse(time)
  }

  /** What the clock says, in milliseconds since 1970. */
  readonly now = (): number => this.#time

  /** The application with these options. `identity` is equal for equal options. */
  rails(identity: string, options: () => RailsOptions): Rails {
    let rails = this.#made.get(identity)
    if (rails === undefined) {
      rails = createRailsOn(this.backend, { ...options(), now: this.now })
      this.#made.set(identity, rails)
    }
    return rails
  }
}

/** The settings and the cookie of a case, on its reading or on its writing side. */
export interface Side {
  readonly framework: Framework
  readonly config: VectorConfig
  readonly jar: string
  readonly name: string
}

/** The application of one side of a case. `variant` names other options than the recorded ones, which `change` makes. */
export function railsOf(
  applications: Applications,
  { framework, config, jar, name }: Side,
  variant: string = '',
  change: (options: RailsOptions) => RailsOptions = (options) => options,
): Rails {
  const session = jar === 'session'
  return applications.rails(JSON.stringify([framework, session ? name : '', variant, config]), () => {
    const options = railsOptions(config, framework)
    return change(session ? { ...options, session: { ...options.session, key: name } } : options)
  })
}

/** The cookie of one side of a case. */
export function cookieOf(applications: Applications, side: Side): Cookie {
  return cookieIn(railsOf(applications, side), side.jar, side.name)
}

/** The cookie of a recorded jar, e.g. `session` or `permanent_signed`. */
export function cookieIn(rails: Rails, jar: string, name: string): Cookie {
  switch (jar) {
    case 'session':
      return rails.session as Cookie
    case 'plain':
      return rails.cookies.plain(name) as Cookie
    case 'signed':
      return rails.cookies.signed(name)
    case 'encrypted':
      return rails.cookies.encrypted(name)
    case 'permanent_plain':
      return rails.cookies.permanent.plain(name) as Cookie
    case 'permanent_signed':
      return rails.cookies.permanent.signed(name)
    case 'permanent_encrypted':
      return rails.cookies.permanent.encrypted(name)
    default:
      throw new Error(`unknown jar ${jar}`)
  }
}
