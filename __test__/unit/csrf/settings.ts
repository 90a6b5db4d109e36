import type { CsrfSettings } from '../../../src/csrf/csrf.ts'
import { readConfig } from '../../../src/rails/config.ts'
import type { RailsOptions } from '../../../src/rails/options.ts'
import { SECRET } from '../../support/application.ts'

/** The settings of an application. */
export function settings(options: RailsOptions = {}): CsrfSettings {
  const secret = options.secretToken === undefined ? { secretKeyBase: SECRET } : {}
  return readConfig({ ...secret, ...options }).csrf
}
