import { isInteger } from './rational.ts'
import { textOf } from './text.ts'

/** The text of an IPAddr with the length of its prefix; undefined where the variables are not those of one. */
export function ipAddressText(variables: ReadonlyMap<string, unknown>): string | undefined {
  const [family, address, mask] = [variables.get('@family'), variables.get('@addr'), variables.get('@mask_addr')]
  if (!isInteger(address)) return undefined
  if (family === INET) return `${dotted(Number(address))}/${prefix(mask, 32)}`
  if (family !== INET6) return undefined
  const zone = textOf(variables.get('@zone_id'))?.toString() ?? ''
  return `${colons(BigInt(address), zone)}/${prefix(mask, 128)}`
}

function dotted(address: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join('.')
}

/** As IPAddr shortens it: the longest run of zeros once, and dots in the last 32 bits where nothing is before them. */
function colons(address: bigint, zone: string): string {
  const groups = address.toString(16).padStart(32, '0').match(/.{4}/g)!
  const text = groups.map((group) => group.replace(/^0{1,3}/, '')).join(':') + zone
  if (text === '0:0:0:0:0:0:0:0') return '::'
  const zeros = RUNS_OF_ZEROS.find((run) => run.test(text))
  const short = zeros === undefined ? text : text.replace(zeros, ':').replace(/:{3,}/, '::')
  const embedded = /^::(ffff:)?([\da-f]{1,4}):([\da-f]{1,4})$/.exec(short)
  if (embedded === null) return short
  const [, mapped = '', high, low] = embedded
  return `::${mapped}${dotted(Number.parseInt(high!, 16) * 2 ** 16 + Number.parseInt(low!, 16))}`
}

function prefix(mask: unknown, bits: number): string {
  if (!isInteger(mask)) return ''
  const hosts = (2n ** BigInt(bits) - 1n) ^ BigInt(mask)
  return String(hosts <= 0n ? bits : bits - hosts.toString(2).length)
}

/** `AF_INET` and `AF_INET6` of Linux, where the dump was written. */
const INET = 2
const INET6 = 10
const RUNS_OF_ZEROS = [7, 6, 5, 4, 3, 2].map((length) => new RegExp(`\\b0(?::0){${length - 1}}\\b`))
