import { describe, expect, it } from 'vitest'
import { forwarded } from '../../../src/adapters/request-origin.ts'

describe('forwarded', () => {
  const direct = { https: false, host: 'internal:3000' }
  const said = (proto: string | null, host: string | null): object =>
    forwarded({ get: (name) => (name === 'x-forwarded-proto' ? proto : host) }, direct)

  // Rack: extract_proto_header up to a comma. Rails: x_forwarded_host.split(/,\s?/).last.
  it.each([
    [null, null, false, 'internal:3000'],
    ['https', null, true, 'internal:3000'],
    ['http', 'shop.example', false, 'shop.example'],
    ['https,http', 'shop.example:8443', true, 'shop.example:8443'],
    ['http, https', 'outer.example, shop.example', false, 'shop.example'],
    ['', '', false, 'internal:3000'],
    ['wss', ' ', false, 'internal:3000'],
  ])('of X-Forwarded-Proto %j and -Host %j', (proto, host, https, expected) => {
    expect(said(proto, host)).toEqual({ https, host: expected })
  })

  it('keeps https where the proxy does not say', () => {
    expect(forwarded({ get: () => null }, { https: true, host: undefined })).toEqual({ https: true, host: undefined })
  })
})
