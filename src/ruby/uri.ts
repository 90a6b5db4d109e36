import { isAscii } from './encoding.ts'

/**
 * A URI as Ruby's `URI.parse` reads it and `to_s` prints it again: with its scheme in lower case, without the port that the
 * scheme has anyway. Null for a text that Ruby refuses.
 */
export function parseUri(text: string): string | null {
  const uri = split(text)
  if (uri === null) return null
  switch (uri.scheme) {
    case 'file':
      return print({ ...uri, userinfo: null, port: null, host: uri.host === 'localhost' ? '' : (uri.host ?? '') })
    case 'ftp':
      return uri.path === null ? null : print({ ...uri, path: ftpPath(uri.path) })
    case 'ldap':
    case 'ldaps':
      return uri.path === null || uri.fragment !== null ? null : print(uri)
    case 'mailto':
      return printMailto(uri)
    default:
      return print(uri)
  }
}

/** What Ruby takes a URI apart into; null for what is not there. Either a path or an opaque part is. */
interface Uri {
  readonly scheme: string | null
  readonly userinfo: string | null
  readonly host: string | null
  readonly port: string | null
  readonly path: string | null
  readonly opaque: string | null
  readonly query: string | null
  readonly fragment: string | null
}

/** By RFC 3986. */
function split(text: string): Uri | null {
  if (!isAscii(text)) return null
  const [beforeFragment, fragment] = cut(text, '#')
  const [beforeQuery, queryText] = cut(beforeFragment, '?')
  if (fragment !== null && !consistsOf(fragment, NOT_IN_FRAGMENT)) return null
  const [, schemeText, rest = ''] = /^(?:([A-Za-z][+\-.0-9A-Za-z]*):)?([^]*)$/.exec(beforeQuery)!
  const scheme = schemeText?.toLowerCase() ?? null
  const none = { scheme, userinfo: null, host: null, port: null, opaque: null, query: null, fragment }
  const isOpaque = scheme !== null && rest !== '' && !rest.startsWith('/')
  if (isOpaque) {
    const opaque = queryText === null ? rest : `${rest}?${queryText}`
    return consistsOf(rest, NOT_IN_PATH) ? { ...none, path: null, opaque } : null
  }
  const query = queryText === null ? null : escapeQuery(queryText)
  if (query === undefined) return null
  const authority = rest.startsWith('//') ? splitAuthority(rest.slice(2), scheme === null) : null
  if (authority !== null) return { ...none, ...authority, query }
  const isPath = consistsOf(rest, NOT_IN_PATH) && (scheme === null ? !/^[^/]*:/.test(rest) : !rest.startsWith('//'))
  return isPath ? { ...none, path: rest, query } : null
}

/** What stands behind two slashes. `relative`: there is no scheme; then an empty host is none. */
function splitAuthority(text: string, relative: boolean): Pick<Uri, 'userinfo' | 'host' | 'port' | 'path'> | null {
  const slash = text.indexOf('/')
  const authority = slash === -1 ? text : text.slice(0, slash)
  const path = slash === -1 ? '' : text.slice(slash)
  const at = authority.indexOf('@')
  const userinfo = at === -1 ? null : authority.slice(0, at)
  const server = authority.slice(at + 1)
  const [found, host = '', port] = HOST_AND_PORT.exec(server)!
  const isHost = host.startsWith('[') ? IP_LITERAL.test(host) : consistsOf(host, NOT_IN_HOST)
  const isValid = found === server && isHost && consistsOf(userinfo ?? '', NOT_IN_USERINFO)
  if (!isValid || !consistsOf(path, NOT_IN_PATH)) return null
  const isAbsent = relative && host === '' && userinfo === null
  return { userinfo, host: isAbsent ? null : host, port: port ?? null, path }
}

function print({ scheme, userinfo, host, port, path, opaque, query, fragment }: Uri): string {
  let text = scheme === null ? '' : `${scheme}:`
  if (opaque === null) {
    if (host !== null || scheme === 'file' || scheme === 'postgres') text += '//'
    if (userinfo !== null && userinfo !== '') text += `${userinfo}@`
    const number = port?.replace(/^0+(?=\d)/, '') ?? ''
    text += `${host ?? ''}${number === '' || number === DEFAULT_PORTS.get(scheme) ? '' : `:${number}`}${path}`
    if (query !== null) text += `?${query}`
  } else {
    text += opaque
  }
  return fragment === null ? text : `${text}#${fragment}`
}

function printMailto({ opaque, query, fragment }: Uri): string | null {
  const [to, headers] = cut(opaque ?? `?${query ?? ''}`, '?')
  if (opaque === null && query === null) return null
  const addresses = to.split(/[,;]/)
  if (addresses.at(-1) === '') addresses.pop()
  if (!addresses.every((address) => /^[^@]+@[^@]+$/.test(address))) return null
  const kept = (headers ?? '').replace(/&+$/, '')
  return `mailto:${to}${kept === '' ? '' : `?${kept}`}${fragment === null ? '' : `#${fragment}`}`
}

/** Without the slash that is before it in the URI; one of its own is written `%2F`. */
function ftpPath(path: string): string {
  const own = path.replace(/^\//, '').replace(/^%2F/, '/')
  return `/${own.replace(/^\//, '%2F')}`
}

/** With everything that may not stand in a query escaped; undefined where an escape has no digits. */
function escapeQuery(query: string): string | undefined {
  const line = query.replaceAll(/[\t\r\n]/g, '')
  if (/%[^0-9A-Fa-f]{2}/.test(line)) return undefined
  return line.replaceAll(NOT_IN_QUERY, (character) => {
    return `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`
  })
}

/** What is before and behind the first separator; null behind it where there is none. */
function cut(text: string, separator: string): [before: string, behind: string | null] {
  const at = text.indexOf(separator)
  return at === -1 ? [text, null] : [text.slice(0, at), text.slice(at + 1)]
}

function consistsOf(text: string, forbidden: RegExp): boolean {
  return !forbidden.test(text) && !/%(?![0-9A-Fa-f]{2})/.test(text)
}

const NOT_IN_FRAGMENT = /[^!$&-.0-9:;=@A-Z_a-z~/?%]/
const NOT_IN_PATH = /[^!$&-.0-9:;=@A-Z_a-z~/%]/
const NOT_IN_USERINFO = /[^!$&-.0-9:;=A-Z_a-z~%]/
const NOT_IN_HOST = /[^!$&-.0-9;=A-Z_a-z~%]/
const NOT_IN_QUERY = /[^!$-&(-;=?-_a-~]/g
const HOST_AND_PORT = /^(\[[^\]]*\]|[^:[]*)(?::(\d*))?/

const IP_LITERAL = ((): RegExp => {
  const group = '[0-9A-Fa-f]{1,4}'
  const octet = '(?:[1-9]\\d|1\\d{2}|2[0-4]\\d|25[0-5]|\\d)'
  const last = `(?:${group}:${group}|${octet}\\.${octet}\\.${octet}\\.${octet})`
  const upTo = (most: number): string => `(?:(?:${group}:){0,${most}}${group})?`
  const v6 = [
    `(?:${group}:){6}${last}`,
    `::(?:${group}:){5}${last}`,
    `${group}::(?:${group}:){4}${last}`,
    ...[1, 2, 3, 4].map((most) => `${upTo(most)}::(?:${group}:){${4 - most}}${last}`),
    `${upTo(5)}::${group}`,
    `${upTo(6)}::`,
  ]
  return new RegExp(`^\\[(?:${v6.join('|')}|v[0-9A-Fa-f]+\\.[!$&-.0-9:;=A-Z_a-z~]+)\\]$`)
})()

const DEFAULT_PORTS: ReadonlyMap<string | null, string> = new Map([
  ['ftp', '21'],
  ['http', '80'],
  ['https', '443'],
  ['ldap', '389'],
  ['ldaps', '636'],
  ['ws', '80'],
  ['wss', '443'],
])
