import { addressText } from '../../ruby/ip-address.ts'
import { legible } from './names.ts'
import { isInteger } from './rational.ts'
import { textOf } from './text.ts'

/** The text of an IPAddr with the length of its prefix; undefined where the variables are not those of one. */
export function ipAddressText(variables: ReadonlyMap<string, unknown>): string | undefined {
  const size = SIZES.get(variables.get('@family'))
  const bits = variables.get('@addr')
  if (size === undefined || !isInteger(bits)) return undefined
  const zone = size === 128 ? textOf(variables.get('@zone_id')) : null
  const address = addressText({ groups: groupsOf(BigInt(bits), size), zone: zone === null ? '' : legible(zone) })
  return `${address}/${prefix(variables.get('@mask_addr'), size)}`
}

/** Four octets, or eight groups of 16 bits. */
function groupsOf(bits: bigint, size: 32 | 128): number[] {
  const width = size === 32 ? 8 : 16
  return Array.from({ length: size / width }, (_, i) =>
    Number(BigInt.asUintN(width, bits >> BigInt(size - width * (i + 1)))),
  )
}

/** How many bits the mask leaves; nothing where there is no mask. */
function prefix(mask: unknown, size: number): string {
  if (!isInteger(mask)) return ''
  const hosts = (2n ** BigInt(size) - 1n) ^ BigInt(mask)
  return String(hosts <= 0n ? size : size - hosts.toString(2).length)
}

/** By `AF_INET` and `AF_INET6`, as they are on Linux. */
const SIZES: ReadonlyMap<unknown, 32 | 128> = new Map([
  [2, 32],
  [10, 128],
])
