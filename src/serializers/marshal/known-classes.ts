import { RubyHash } from '../../ruby/hash.ts'
import type { RubyObjectFields } from '../../ruby/object.ts'
import { durationOf, timeWithZoneOf } from './active-support.ts'
import { dateOf } from './date.ts'
import { decimalOf } from './decimal.ts'
import { ipAddressText } from './ip-address.ts'
import { legible } from './names.ts'
import { rangeOf } from './range.ts'
import { complexOf, rationalOf, twoOf } from './rational.ts'
import { textOf } from './text.ts'
import { timeOf } from './time.ts'
import { uriText } from './uri.ts'

/** Values by the names of their variables; of equal names the last one counts. */
export type Variables = ReadonlyMap<string, unknown>

/** What to say about an object of a class that JavaScript has no counterpart for. */
export class Description {
  readonly fields: RubyObjectFields

  constructor(fields: RubyObjectFields) {
    this.fields = fields
  }
}

/**
 * Classes that are known, by the three ways in which their objects are dumped. Each gives the value or a
 * {@link Description}; undefined where an object is not as its class makes it, though Ruby lets it in.
 */
export const OF_VARIABLES: ReadonlyMap<string, (variables: Variables, className: string) => unknown> = new Map<
  string,
  (variables: Variables, className: string) => unknown
>([
  ['Range', rangeOf],
  ['Rational', (variables) => rationalOf(variables.get('@numerator'), variables.get('@denominator'))],
  ['Complex', (variables) => complexOf(variables.get('@real') ?? null, variables.get('@image') ?? null)],
  ['ActiveSupport::Duration', durationOf],
  ['ActiveSupport::TimeZone', (variables, className) => told('time_zone', className, nameIn(variables, '@name'))],
  ['IPAddr', (variables, className) => told('ipaddr', className, ipAddressText(variables))],
  ['Pathname', (variables, className) => told('pathname', className, nameIn(variables, '@path'))],
  ...['Generic', 'File', 'FTP', 'HTTP', 'HTTPS', 'LDAP', 'LDAPS', 'MailTo', 'WS', 'WSS'].map(
    (scheme) =>
      [
        `URI::${scheme}`,
        (variables: Variables, className: string) => told('uri', className, uriText(className, variables)),
      ] as const,
  ),
])

export const OF_BYTES: ReadonlyMap<string, (binary: string, variables: Variables) => unknown> = new Map<
  string,
  (binary: string, variables: Variables) => unknown
>([
  ['Time', timeOf],
  ['BigDecimal', decimalOf],
])

export const OF_CONTENT: ReadonlyMap<string, (content: unknown, className: string) => unknown> = new Map<
  string,
  (content: unknown, className: string) => unknown
>([
  ['Date', (content) => dateOf(false, content)],
  ['DateTime', (content) => dateOf(true, content)],
  ['Rational', (content) => rationalOf(...twoOf(content))],
  ['Complex', (content) => complexOf(...twoOf(content))],
  ['ActiveSupport::TimeWithZone', timeWithZoneOf],
  // It answers to every name, and so is taken for a class that dumps itself, and has lost all that was in it.
  [
    'ActiveSupport::OrderedOptions',
    (_, className) => new Description({ kind: 'hash', className, value: new RubyHash() }),
  ],
])

function told(
  kind: 'uri' | 'ipaddr' | 'pathname' | 'time_zone',
  className: string,
  value: string | undefined,
): Description | undefined {
  return value === undefined ? undefined : new Description({ kind, className, value })
}

function nameIn(variables: Variables, name: string): string | undefined {
  const text = textOf(variables.get(name))
  return text === null ? undefined : legible(text)
}
