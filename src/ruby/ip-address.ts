/**
 * An IP address as `IPAddr` of Ruby has it, with the length of its prefix: `10.1.2.0/24`, `::1/128`. Bits behind the prefix
 * are cleared. Null for a text that is none.
 */
export function parseIpAddress(text: string): string | null {
  const address = parse(text)
  return address === null ? null : `${addressText(address)}/${address.prefix}`
}

interface Address {
  readonly bits: bigint
  readonly size: 32 | 128
  readonly prefix: number
  /** `%eth0`, or nothing. */
  readonly zone: string
}

function parse(text: string): Address | null {
  const slash = text.indexOf('/')
  let host = slash === -1 ? text : text.slice(0, slash)
  const bracketed = /^\[(.*)\]$/.exec(host)
  host = bracketed?.[1] ?? host
  const [, unzoned, zone = ''] = /^(.*)(%\w+)$/.exec(host) ?? []
  host = unzoned ?? host
  const v4 = bracketed === null && zone === '' ? parseV4(host) : undefined
  if (v4 === null) return null
  const bits = v4 ?? parseV6(host)
  if (bits === null) return null
  const size = v4 === undefined ? 128 : 32
  if (slash === -1) return { bits, size, prefix: size, zone }
  const prefix = parsePrefix(text.slice(slash + 1), size)
  if (prefix === null) return null
  const behind = BigInt(size - prefix)
  return { bits: (bits >> behind) << behind, size, prefix, zone }
}

/** Undefined for what does not look like one. */
function parseV4(text: string): bigint | null | undefined {
  const octets = /^(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(text)?.slice(1)
  if (octets === undefined) return undefined
  // Ruby takes no octet for octal, nor for decimal, if it begins with a zero.
  if (!octets.every((octet) => /^(?:0|[1-9]\d{0,2})$/.test(octet) && Number(octet) < 256)) return null
  return octets.reduce((bits, octet) => (bits << 8n) | BigInt(octet), 0n)
}

function parseV6(text: string): bigint | null {
  const [, head, tail = ''] = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(text) ?? []
  const v4 = head === undefined ? 0n : parseV4(tail)
  if (v4 === null || v4 === undefined || (head !== undefined && head.split(':').length > 7)) return null
  const halves = (head === undefined ? text : `${head}0:0`).split('::')
  const [left = [], right = []] = halves.map((half) => (half === '' ? [] : half.split(':')))
  const missing = 8 - left.length - right.length
  if (halves.length > 2 || (halves.length === 2 ? missing < 1 : missing !== 0)) return null
  const groups = [...left, ...Array.from({ length: missing }, () => '0'), ...right]
  if (!groups.every((group) => /^[\dA-Fa-f]{1,4}$/.test(group))) return null
  return groups.reduce((bits, group) => (bits << 16n) | BigInt(`0x${group}`), 0n) | v4
}

/** A number of bits, or a mask. */
function parsePrefix(text: string, size: 32 | 128): number | null {
  if (/^(?:0|[1-9]+\d*)$/.test(text)) return Number(text) <= size ? Number(text) : null
  const mask = text.includes('/') || /^\d*$/.test(text) ? null : parse(text)
  if (mask === null || mask.size !== size) return null
  const binary = mask.bits.toString(2).padStart(size, '0')
  return /^1*0*$/.test(binary) ? binary.replace(/0*$/, '').length : null
}

/** The text of an address without its prefix. `zone`: `%eth0`, or nothing. */
export function addressText({ bits, size, zone }: Omit<Address, 'prefix'>): string {
  if (size === 32) return [24n, 16n, 8n, 0n].map((shift) => (bits >> shift) & 0xffn).join('.')
  const groups = bits.toString(16).padStart(32, '0').match(/.{4}/g)!
  let text = (groups.join(':') + zone).replaceAll(/\b0{1,3}([\dA-Fa-f]+)\b/g, '$1')
  const run = RUNS_OF_ZEROS.find((zeros) => zeros.test(text))
  text = /^0(?::0){7}$/.test(text) ? '::' : run === undefined ? text : text.replace(run, ':')
  text = text.replace(/:{3,}/, '::')
  const [, mapped = '', high, low] = /^::(ffff:)?([\da-f]{1,4}):([\da-f]{1,4})$/i.exec(text) ?? []
  if (high === undefined || low === undefined) return text
  const octets = [high, low].flatMap((group) => [Number.parseInt(group, 16) >> 8, Number.parseInt(group, 16) & 0xff])
  return `::${mapped}${octets.join('.')}`
}

/** The longest first. */
const RUNS_OF_ZEROS = [7, 6, 5, 4, 3, 2].map((length) => new RegExp(`\\b0(?::0){${length - 1}}\\b`))
