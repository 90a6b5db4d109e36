/** The Rails releases this library knows, oldest first. */
export const RAILS_VERSIONS: readonly RailsVersion[] = [
  '3.2',
  '4.0',
  '4.1',
  '4.2',
  '5.0',
  '5.1',
  '5.2',
  '6.0',
  '6.1',
  '7.0',
  '7.1',
  '7.2',
  '8.0',
  '8.1',
  '8.2',
]

/** A Rails release line, as `config.load_defaults` names it. */
export type RailsVersion =
  | '3.2'
  | '4.0'
  | '4.1'
  | '4.2'
  | '5.0'
  | '5.1'
  | '5.2'
  | '6.0'
  | '6.1'
  | '7.0'
  | '7.1'
  | '7.2'
  | '8.0'
  | '8.1'
  | '8.2'

/** Whether `version` is `floor` or newer. */
export function atLeast(version: RailsVersion, floor: RailsVersion): boolean {
  return RAILS_VERSIONS.indexOf(version) >= RAILS_VERSIONS.indexOf(floor)
}
