import type { IncomingMessage } from 'node:http'
import { inspect } from 'node:util'
import { ConfigError } from '../errors.ts'
import type { Rails } from '../rails/rails.ts'
import { OptionReader } from '../rails/validate.ts'
import type { RequestSession } from '../session/request-session.ts'
import { checkRails } from './options.ts'

/** Options of `authenticateUpgrade`. */
export interface UpgradeOptions<Data> {
  /**
   * Whose pages may connect, as browsers write it in the Origin header: `['https://shop.example']`. Browsers let every page open
   * WebSockets to every host and send its cookies along, so nothing else keeps other sites out. `'*'`: everybody, and
   * programs that send no Origin.
   */
  origins: readonly string[] | '*'
  /** Whether this session may connect. Default: any session that came with a cookie that is accepted. */
  authorize?: ((session: RequestSession<Data>, request: IncomingMessage) => boolean | Promise<boolean>) | undefined
  /** How often to look whether the cookie of an open connection has expired, in whole seconds. Default 60. */
  recheckSeconds?: number | undefined
}

/** Options that were read and checked. */
export interface ReadUpgradeOptions<Data> {
  isAllowed(origin: string | undefined): boolean
  authorize(session: RequestSession<Data>, request: IncomingMessage): boolean | Promise<boolean>
  readonly recheckSeconds: number
}

/** Reads the options of `authenticateUpgrade`, and makes sure of the application that it was given. */
export function readUpgradeOptions<Data>(
  rails: Rails<Data> | undefined,
  options: UpgradeOptions<Data> | undefined,
): ReadUpgradeOptions<Data> {
  checkRails('authenticateUpgrade', rails)
  const reader = new OptionReader('authenticateUpgrade', options ?? {}, ['origins', 'authorize', 'recheckSeconds'])
  const origins = readOrigins(reader)
  return {
    isAllowed: (origin) => origins === '*' || origins.has(origin),
    authorize: reader.function<ReadUpgradeOptions<Data>['authorize']>('authorize') ?? ((session) => !session.isNew),
    recheckSeconds: reader.integer('recheckSeconds', 1, 86_400) ?? 60,
  }
}

function readOrigins(reader: OptionReader): '*' | ReadonlySet<string | undefined> {
  if (reader.raw('origins') === '*') return '*'
  const given = reader.raw('origins')
  if (!Array.isArray(given) || given.length === 0) {
    reader.fail('origins', "those whose pages may connect, such as ['https://shop.example'], or '*' for everybody")
  }
  const origins: unknown[] = [...given]
  for (const origin of origins) {
    if (isOrigin(origin)) continue
    throw new ConfigError(
      `authenticateUpgrade: origins has ${inspect(origin)}, which no browser sends; write 'https://shop.example'`,
    )
  }
  return new Set(origins.map(String))
}

/** Whether it is scheme and host, written as browsers do. */
function isOrigin(given: unknown): boolean {
  if (typeof given !== 'string' || !URL.canParse(given)) return false
  const { protocol, host } = new URL(given)
  return given === `${protocol}//${host}`
}
