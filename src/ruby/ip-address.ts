/**
 * An IP address as `IPAddr` of Ruby has it, with the length of its prefix: `10.1.2.0/24`, `::1/128`. Bits behind the prefix
 * are cleared. Null for a text that is none.
 */
export function parseIpAddress(text: string): string | null {
  const address = parse(text)
  return address === null ? null : `${addressText(address)}/${address.prefix}`
}

interface Address {
  /** Four octets, or eight groups of 16 bits. */
  readonly groups: readonly number[]
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
  const groups = v4 === undefined ? parseV6(host) : v4
  if (groups === null) return null
  const size = groups.length === 4 ? 32 : 128
  const prefix = slash === -1 ? size : parsePrefix(text.slice(slash + 1), groups.length)
  return prefix === null ? null : { groups: masked(groups, prefix), prefix, zone }
}

/** Undefined for what does not look like one. */
function parseV4(text: string): number[] | null | undefined {
  const octets = /^(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(text)?.slice(1)
  if (octets === undefined) return undefined
  // Ruby takes no octet for octal, nor for decimal, if it begins with a zero.
  const isValid = octets.every((octet) => /^(?:0|[1-9]\d{0,2})$/.test(octet) && Number(octet) < 256)
  return isValid ? octets.map(Number) : null
}

function parseV6(text: string): number[] | null {
  const [, head, tail = ''] = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(text) ?? []
  const v4 = head === undefined ? [] : parseV4(tail)
  if (v4 === null || v4 === undefined || (head !== undefined && head.split(':').length > 7)) return null
  const halves = (head === undefined ? text : `${head}0:0`).split('::')
  const [left = [], right = []] = halves.map((half) => (half === '' ? [] : half.split(':')))
  const missing = 8 - left.length - right.length
  if (halves.length > 2 || (halves.length === 2 ? missing < 1 : missing !== 0)) return null
  const digits = [...left, ...Array.from({ length: missing }, () => '0'), ...right]
  if (!digits.every((group) => /^[\dA-Fa-f]{1,4}$/.test(group))) return null
  const groups = digits.map((group) => Number.parseInt(group, 16))
  const [a, b, c, d] = v4
  return a === undefined ? groups : [...groups.slice(0, 6), (a << 8) | b!, (c! << 8) | d!]
}

/** A number of bits, or a mask. `length`: how many groups the address has. */
function parsePrefix(text: string, length: number): number | null {
  const width = length === 4 ? 8 : 16
  if (/^(?:0|[1-9]\d*)$/.test(text)) return Number(text) <= length * width ? Number(text) : null
  const mask = text.includes('/') || /^\d*$/.test(text) ? null : parse(text)
  if (mask === null || mask.groups.length !== length) return null
  const bits = mask.groups.map((group) => group.toString(2).padStart(width, '0')).join('')
  return /^1*0*$/.test(bits) ? bits.replace(/0*$/, '').length : null
}

function masked(groups: readonly number[], prefix: number): number[] {
  const width = groups.length === 4 ? 8 : 16
  return groups.map((group, i) => {
    const behind = Math.min(Math.max((i + 1) * width - prefix, 0), width)
    return (group >> behind) << behind
  })
}

/** The text of an address without its prefix. */
export function addressText({ groups, zone }: Omit<Address, 'prefix'>): string {
  if (groups.length === 4) return groups.join('.')
  const [start, until] = longestZeros(groups)
  // With a zone, Ruby keeps the last of eight zeros.
  const end = until - start === 8 && zone !== '' ? 7 : until
  const digits = groups.map((group) => group.toString(16))
  // Ruby drops leading zeros of the zone as well.
  const name = zone.replace(/\b0{1,3}([\dA-Fa-f]+)\b/, '$1')
  if (end - start < 2) return digits.join(':') + name
  const [left, right] = [digits.slice(0, start), digits.slice(end)]
  const isMapped = groups[5] === 0xff_ff && start === 0 && end === 5
  if (zone === '' && start === 0 && (end === 6 || isMapped)) {
    const octets = groups.slice(6).flatMap((group) => [group >> 8, group & 0xff])
    return `::${isMapped ? 'ffff:' : ''}${octets.join('.')}`
  }
  return `${left.join(':')}::${right.join(':')}${name}`
}

/** Where the longest run of zeros is, the first of several. */
function longestZeros(groups: readonly number[]): [start: number, end: number] {
  let [start, end] = [0, 0]
  for (let at = 0; at < groups.length; at++) {
    let until = at
    while (groups[until] === 0) until += 1
    if (until - at > end - start) [start, end] = [at, until]
    at = until
  }
  return [start, end]
}
