import process from 'node:process'
import { ConfigError } from '../errors.ts'
import type { Backend } from './backend.ts'
import { loadNative } from './native.ts'
import { nodeBackend } from './node-crypto.ts'

/**
 * Which backend to use. `native`: the Rust addon, or an error. `node`: `node:crypto`. `auto`: the addon where it
 * loads, otherwise `node:crypto` and one warning.
 */
export type BackendChoice = 'native' | 'node' | 'auto'

let warned = false

/**
 * The backend for a choice. The environment variable `RAILS_SESSION_BACKEND`, `native` or `node`, decides for `auto`.
 *
 * Throws `ERR_RAILS_SESSION_NATIVE_LOAD` where the addon is demanded and does not load, `ERR_RAILS_SESSION_CONFIG`
 * when the environment variable has another value.
 */
export function selectBackend(choice: BackendChoice): Backend {
  switch (choice === 'auto' ? fromEnvironment() : choice) {
    case 'native':
      return loadNative()
    case 'node':
      return nodeBackend
    default:
      return nativeOrNode()
  }
}

function fromEnvironment(): BackendChoice {
  const value = process.env['RAILS_SESSION_BACKEND']
  if (value === undefined || value === '') return 'auto'
  if (value === 'native' || value === 'node' || value === 'auto') return value
  throw new ConfigError(
    `Environment variable RAILS_SESSION_BACKEND is ${JSON.stringify(value)}; write "native", "node" or "auto", or unset it.`,
  )
}

function nativeOrNode(): Backend {
  try {
    return loadNative()
  } catch (error) {
    if (!warned) warn(error as Error)
    return nodeBackend
  }
}

function warn(error: Error): void {
  warned = true
  process.emitWarning(`Running on node:crypto, which is several times slower. ${error.message}`, {
    code: 'RAILS_SESSION_NODE_BACKEND',
    detail: error.cause instanceof Error ? error.cause.message : '',
  })
}
