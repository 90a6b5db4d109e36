import { legible } from './names.ts'
import { textOf } from './text.ts'

/**
 * The text of a `URI::Generic` or one of its subclasses, as `URI#to_s` puts it together; undefined where the variables are
 * not those of a URI. `className`: such as `URI::HTTPS`.
 */
export function uriText(className: string, variables: ReadonlyMap<string, unknown>): string | undefined {
  const part = (name: string): string | null | undefined => {
    const value = variables.get(`@${name}`) ?? null
    if (value === null) return null
    const text = textOf(value)
    return text === null ? undefined : legible(text)
  }
  const [scheme, opaque, host, path] = [part('scheme'), part('opaque'), part('host'), part('path')]
  const [user, password, query, fragment] = [part('user'), part('password'), part('query'), part('fragment')]
  const port = variables.get('@port') ?? null
  const parts = [scheme, opaque, host, path, user, password, query, fragment]
  if (parts.includes(undefined) || (port !== null && typeof port !== 'number')) return undefined
  let text = scheme === null ? '' : `${scheme}:`
  if (opaque !== null) {
    text += opaque
  } else {
    if (host !== null || scheme === 'file' || scheme === 'postgres') text += '//'
    if (user !== null) text += `${password === null ? user : `${user}:${password}`}@`
    text += host ?? ''
    if (port !== null && port !== DEFAULT_PORTS.get(className)) text += `:${port}`
    text += path ?? ''
    if (query !== null) text += `?${query}`
  }
  return fragment === null ? text : `${text}#${fragment}`
}

const DEFAULT_PORTS: ReadonlyMap<string, number> = new Map([
  ['URI::FTP', 21],
  ['URI::HTTP', 80],
  ['URI::HTTPS', 443],
  ['URI::LDAP', 389],
  ['URI::LDAPS', 636],
  ['URI::WS', 80],
  ['URI::WSS', 443],
])
