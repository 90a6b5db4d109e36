/** How Rails 4.2 to 8.2 make and check CSRF tokens. */
import { Buffer } from 'node:buffer'
import { createHmac } from 'node:crypto'
import { atLeast, type RailsVersion } from '../../src/rails/version.ts'
import type { CsrfCase } from './vectors.ts'

/** What a Rails knows about tokens. */
export interface TokenRules {
  /** It decodes the url-safe alphabet, too. */
  readonly urlSafe: boolean
  /** It derives tokens from that of the session: one for all forms, besides those for each. */
  readonly global: boolean
}

/** What that Rails knows. */
export function rulesOf(rails: RailsVersion): TokenRules {
  const newer = atLeast(rails, '5.2')
  return { urlSafe: newer, global: newer }
}

/** Whether a Rails with these rules accepts a token in the request of a case. */
export function accepts(token: string | null, vector: CsrfCase, rules: TokenRules): boolean {
  const real = realToken(vector)
  const bytes = token === null ? null : decode(token, rules.urlSafe)
  if (bytes?.length === 32) return bytes.equals(real)
  if (bytes?.length !== 64) return false
  const unmasked = unmask(bytes).toString('hex')
  const path = chomp(vector.path)
  return (
    unmasked === real.toString('hex') ||
    (rules.global && unmasked === derived(real, GLOBAL)) ||
    (vector.per_form_csrf_tokens && unmasked === derived(real, `${path}#${vector.method.toLowerCase()}`))
  )
}

/** What stands behind the mask of a token, in hexadecimal digits; null where there is none. */
export function unmaskedHex(token: string | null): string | null {
  const bytes = token === null ? null : decode(token, true)
  return bytes?.length === 64 ? unmask(bytes).toString('hex') : null
}

/** What that Rails puts behind the mask for the form of a case. */
export function madeHex(vector: CsrfCase, rails: RailsVersion): string {
  const real = realToken(vector)
  const { form_action: action, form_method: method } = vector
  if (action === undefined || method === undefined) {
    return atLeast(rails, '5.2') ? derived(real, GLOBAL) : real.toString('hex')
  }
  const path = new URL(action, 'http://example.org').pathname
  // 7.2 was the first to append relative actions to the path of the request.
  const relative = atLeast(rails, '7.2') ? `${vector.path}/${action}` : action
  return derived(real, `${chomp(isRelative(action) ? relative : path)}#${method.toLowerCase()}`)
}

/** Whether a form's action is relative to the page that it stands in. */
export function isRelative(action: string): boolean {
  return !/^(?:\/|https?:)/.test(action)
}

function realToken(vector: CsrfCase): Buffer {
  return Buffer.from(vector.session_csrf_token, 'base64')
}

function derived(real: Buffer, text: string): string {
  return createHmac('sha256', real).update(text).digest('hex')
}

function unmask(bytes: Buffer): Buffer {
  return Buffer.from(bytes.subarray(0, 32).map((byte, i) => byte ^ bytes[32 + i]!))
}

function decode(text: string, urlSafe: boolean): Buffer | null {
  const standard = urlSafe ? text.replaceAll('-', '+').replaceAll('_', '/') : text
  const padded = urlSafe && !text.endsWith('=') ? standard.padEnd(Math.ceil(text.length / 4) * 4, '=') : standard
  const bytes = Buffer.from(padded, 'base64')
  return bytes.toString('base64') === padded ? bytes : null
}

function chomp(path: string): string {
  return path.replace(/\/$/, '')
}

const GLOBAL = '!real_csrf_token'
