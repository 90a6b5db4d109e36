import { describe, expect, it } from 'vitest'
import { SealFlag } from '../../src/backend/backend.ts'
import { statusOf, open } from './answer.ts'
import { backends } from './backends.ts'
import { keyBytes, macOf, schemeOf, sign, SPECS } from './crafted.ts'

/** As Rack escapes: `A-Za-z0-9*-._` stay, a space becomes `+`, any other byte `%XX`. */
function rackEscape(text: string): string {
  return Array.from(Buffer.from(text), (byte) => {
    const character = String.fromCharCode(byte)
    if (/[A-Za-z0-9*\-._]/.test(character)) return character
    return character === ' ' ? '+' : percent(byte).toUpperCase()
  }).join('')
}

function percent(byte: number): string {
  return `%${byte.toString(16).padStart(2, '0')}`
}

describe.each([...backends])('$name backend', (backend) => {
  const keyring = backend.keyring([schemeOf(backend, SPECS.signed)])
  const status = (text: string, escaped: boolean) => statusOf(open(keyring, text, escaped, 0))

  /**
   * The MAC tells what a text was unescaped to: under the right one, data that is not base64 is UNDECODABLE.
   * `spelling` is what stands in the message, `data` what it should be unescaped to.
   */
  const unescapesTo = (spelling: string, data: string | Buffer) =>
    status(`${spelling}--${macOf(data, SPECS.signed)}`, true) === 'UNDECODABLE'

  it.each(Array.from({ length: 256 }, (_, byte) => byte))('unescapes byte %d in either case', (byte) => {
    for (const spelling of [percent(byte).toLowerCase(), percent(byte).toUpperCase()]) {
      expect(unescapesTo(spelling, Buffer.from([byte]))).toBe(true)
      expect(unescapesTo(`a${spelling}b+c`, Buffer.from([97, byte, 98, 32, 99]))).toBe(true)
    }
  })

  it.each([
    ['+', ' '],
    ['a+b++', 'a b  '],
    ['%2B+', '+ '],
    ['%252B', '%2B'],
    ['%25', '%'],
    ['%2b%2B%2f%3d', '++/='],
    ['%c3%A9', 'é'],
    ['é', 'é'],
    ['é+%20', 'é  '],
    ['\u{1f600}%21', '\u{1f600}!'],
    ['*-._~', '*-._~'],
  ])('reads %j as %j', (spelling, data) => {
    expect(unescapesTo(spelling, data)).toBe(true)
    expect(unescapesTo(spelling, `${data}x`)).toBe(false)
  })

  it.each([
    '%',
    '+%',
    'a+b%2',
    '%2',
    '%zz+',
    '%2g+',
    '%g2',
    '+%%32',
    '%2B+% 32',
    '%+32',
    '%-1',
    '%0x',
    '%2é',
    '%é',
    '+%\0',
  ])('leaves %j as it is, plus signs too', (spelling) => {
    expect(unescapesTo(spelling, spelling)).toBe(true)
    expect(unescapesTo(`a+b%2B${spelling}`, `a+b%2B${spelling}`)).toBe(true)
  })

  it('leaves the text as it is when the stray % stands at its very end', () => {
    const mac = macOf('+', SPECS.signed)
    for (const end of ['%', '%4', '%%', '%4x']) expect(status(`+--${mac}${end}`, true)).not.toBe('OK')
    const spelledMac = `${mac.slice(0, -1)}${percent(mac.charCodeAt(mac.length - 1))}`
    expect(status(`%2B--${spelledMac}`, true)).toBe('UNDECODABLE')
  })

  it('does not read on into what an earlier text left behind', () => {
    const data = ['YQ==', 'YWI=', 'YWJj', 'YWJjZA=='].find((text) => /[0-9]$/.test(macOf(text, SPECS.signed))) ?? ''
    const spelled = sign(data, SPECS.signed).replace(/[0-9]$/, '%3$&')
    expect(status(spelled, true)).toBe('OK')
    for (const cut of [1, 2]) expect(status(spelled.slice(0, -cut), true)).not.toBe('OK')
  })

  it('unescapes nothing unless told to', () => {
    expect(status(sign('%59%51==', SPECS.signed), false)).toBe('UNDECODABLE')
    expect(status(sign('a+%2B', SPECS.signed), false)).toBe('UNDECODABLE')
    expect(status(`%59Q==--${macOf('YQ==', SPECS.signed)}`, false)).toBe('UNAUTHENTICATED')
  })

  describe.each(Object.entries(SPECS))('%s', (_, spec) => {
    const sealer = backend.keyring([schemeOf(backend, spec)])
    const iv = keyBytes(spec.kind === 'signed' ? 0 : spec.kind === 'cbc' ? 16 : 12, 61)
    const payload = String.fromCharCode(...Array.from({ length: 512 }, (__, index) => (index * 5) % 256))
    const message = sealer.sealWithIv(payload, '', SealFlag.BYTES, iv)
    const answer = open(sealer, message, false, 0)

    it('escapes as Rack does', () => {
      const escaped = sealer.sealWithIv(payload, '', SealFlag.BYTES | SealFlag.ESCAPE, iv)
      expect(escaped).toBe(rackEscape(message))
      expect(statusOf(answer)).toBe('OK')
      expect(open(sealer, escaped, true, 0)).toBe(answer)
    })

    it('opens any other spelling', () => {
      const lowerCase = rackEscape(message).replaceAll(/%../g, (escape) => escape.toLowerCase())
      for (const spelling of [lowerCase, everyPercent(message), everyPercent(message).toUpperCase()]) {
        expect(open(sealer, spelling, true, 0)).toBe(answer)
      }
    })

    it('refuses it escaped twice, and half escaped', () => {
      expect(statusOf(open(sealer, rackEscape(everyPercent(message)), true, 0))).not.toBe('OK')
      expect(statusOf(open(sealer, everyPercent(message), false, 0))).not.toBe('OK')
      expect(statusOf(open(sealer, `${rackEscape(message)}%`, true, 0))).not.toBe('OK')
    })
  })
})

function everyPercent(message: string): string {
  return Array.from(Buffer.from(message), percent).join('')
}
