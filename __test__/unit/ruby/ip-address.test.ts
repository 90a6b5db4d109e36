import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseIpAddress } from '../../../src/ruby/ip-address.ts'

describe('parseIpAddress', () => {
  // to_s and prefix of IPAddr.new(text) of Ruby 3.3; null where it raises.
  it.each([
    ['10.0.0.1', '10.0.0.1/32'],
    ['10.1.2.3/24', '10.1.2.0/24'],
    ['10.1.2.3/255.255.0.0', '10.1.0.0/16'],
    ['10.1.2.3/0.0.0.255', null],
    ['10.1.2.3/33', null],
    ['10.1.2.3/024', null],
    ['10.1.2.3/', null],
    ['010.1.2.3', null],
    ['256.1.2.3', null],
    ['1.2.3', null],
    ['0.0.0.0/0', '0.0.0.0/0'],
    ['[10.0.0.1]', null],
    ['10.0.0.1%eth0', null],
    ['::1', '::1/128'],
    ['[::1]/64', '::/64'],
    ['::', '::/128'],
    ['2001:db8::/32', '2001:db8::/32'],
    ['2001:DB8::ABCD/0', '::/0'],
    ['1:0:0:4:0:0:0:8', '1:0:0:4::8/128'],
    ['1:0:3:0:5:0:7:0', '1:0:3:0:5:0:7:0/128'],
    ['0:0:3:4:0:0:7:8', '::3:4:0:0:7:8/128'],
    ['1:2:3:4:5:6:7::', '1:2:3:4:5:6:7:0/128'],
    ['1:2:3:4:5:6:7::8', null],
    ['::ffff:1.2.3.4', '::ffff:1.2.3.4/128'],
    ['::1.2.3.4', '::1.2.3.4/128'],
    ['::1:2:3:4:5:1.2.3.4', null],
    ['1:2:3:4:5:6:1.2.3.4', '1:2:3:4:5:6:102:304/128'],
    ['fe80::1%eth0', 'fe80::1%eth0/128'],
    ['fe80::1/ffff::', 'fe80::/16'],
    ['::12345', null],
    [':::', null],
    ['1::2::3', null],
    ['', null],
    ['/24', null],
    ['a\n', null],
  ])('%j is %j', (text, expected) => {
    expect(parseIpAddress(text)).toBe(expected)
  })

  it('takes any text, in a time that grows with its length', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => void parseIpAddress(text)))
    for (const part of ['1', '1.', '1:', ':', '/', '%', '[', '0:', 'a%']) {
      const start = performance.now()
      parseIpAddress(part.repeat(50_000))
      parseIpAddress(`1.2.3.4/${part.repeat(50_000)}`)
      expect(performance.now() - start).toBeLessThan(500)
    }
  })
})
