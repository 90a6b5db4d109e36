import { describe, expect, it } from 'vitest'
import type { Rails, RailsOptions } from '../../../index.ts'
import { MarshalDump, readMarshalTyped, writeMarshal } from '../../../src/ruby/index.ts'
import { flashHash } from '../../../src/serializers/marshal/flash-hash.ts'
import { application } from '../../support/application.ts'
import { vectorsOf } from '../../support/vectors.ts'
import type { MarshalCase } from '../../conformance/vectors.ts'
import { following, headerAfter, headerWith } from './requests.ts'

/** An application as each version is by default; 3.2 has a secret of its own. */
function rails(version: '3.2' | '4.0' | '4.1' | '8.1', options: RailsOptions = {}): Rails {
  const secret = version === '3.2' ? { secretToken: 't'.repeat(30) } : {}
  return application({ loadDefaults: version, ...secret, ...options })
}

function typedFlash(app: Rails, line: string | null): unknown {
  const opened = app.session.openHeader(headerAfter(line))
  return opened.ok ? (opened.typed() as Record<string, unknown>)['flash'] : undefined
}

/** What Rails 3.2 dumped, by the name of the case. */
function dumped(name: string): Buffer {
  const file = vectorsOf('marshal_rails').find(({ label }) => label === '3.2')
  const vector = file?.cases.find(({ id }) => id === name) as MarshalCase | undefined
  if (vector === undefined) throw new Error(`no case ${name}`)
  return Buffer.from(vector.bytes_base64, 'base64')
}

describe('a flash', () => {
  it.each(['3.2', '4.0', '4.1', '8.1'] as const)('goes from request to request with Rails %s', (version) => {
    const app = rails(version)
    const first = app.session.load(undefined)
    first.flash.set('notice', 'Saved é')
    first.flash.now('alert', 'for this request')
    expect(first.flash.all()).toEqual({ notice: 'Saved é', alert: 'for this request' })
    const second = following(app, first)
    expect([second.flash.keys(), second.flash.get('notice'), second.flash.has('alert')]).toEqual([
      ['notice'],
      'Saved é',
      false,
    ])
    second.flash.set('alert', 1)
    const third = following(app, second)
    expect(third.flash.all()).toEqual({ alert: 1 })
    const fourth = following(app, third)
    expect([fourth.flash.keys(), fourth.has('flash'), fourth.commit()]).toEqual([[], false, null])
  })

  it('stays for the next request while nobody asks for it', () => {
    const app = rails('8.1')
    const header = headerWith(app, { flash: { discard: [], flashes: { notice: 'a' } } })
    const session = app.session.load(header)
    void session.flash
    expect([session.get('flash'), session.changed, session.commit()]).toEqual([
      { discard: [], flashes: { notice: 'a' } },
      false,
      null,
    ])
    session.set('b', 1)
    const next = following(app, session)
    expect(next.flash.get('notice')).toBe('a')
    expect(next.changed).toBe(true)
  })

  it('takes any name for a key', () => {
    const app = rails('8.1')
    const session = app.session.load(undefined)
    for (const key of ['__proto__', 'keep', 'toString']) session.flash.set(key, key)
    const next = following(app, session)
    expect(next.flash.all()).toEqual(JSON.parse('{"__proto__":"__proto__","keep":"keep","toString":"toString"}'))
    expect(next.flash.get('constructor')).toBe(undefined)
  })

  it('shows keys only, to those who print it', () => {
    const session = rails('8.1').session.load(undefined)
    expect(JSON.stringify(session.flash)).toBe('{"keys":null}')
    session.flash.set('notice', 'secret')
    expect(JSON.stringify(session.flash)).toBe('{"keys":["notice"]}')
  })

  it('is written with Strings since 4.1 and Symbols in 4.0', () => {
    const [rails41, rails40] = [rails('4.1'), rails('4.0')]
    const lines = [rails41, rails40].map((app) => {
      const session = app.session.load(undefined)
      session.flash.set('notice', 'Hello')
      return session.commit()
    })
    expect(typedFlash(rails41, lines[0]!)).toEqual({ discard: [], flashes: { notice: 'Hello' } })
    // As app/rails-4.0 was recorded.
    expect(typedFlash(rails40, lines[1]!)).toEqual({
      discard: [],
      flashes: { $: 'hash', v: [[{ $: 'symbol', v: 'notice' }, 'Hello']] },
    })
  })
})

describe('the flash object of Rails 3.2', () => {
  const app = rails('3.2')

  it('is written as Rails 3.2 dumps it', () => {
    const ours = writeMarshal(flashHash(new Map([['notice', 'Saved é']])), { railsVersion: '3.2' })
    expect(Buffer.from(ours).toString('base64')).toBe(dumped('flash/notice').toString('base64'))
    const session = app.session.load(undefined)
    session.flash.set('notice', 'Saved é')
    expect(typedFlash(app, session.commit())).toEqual(readTyped(dumped('flash/notice')))
  })

  it('is read: what was used up is not shown', () => {
    for (const [name, shown] of [
      ['flash/notice', { notice: 'Saved é' }],
      ['flash/now', { notice: 'a' }],
      ['flash/swept', {}],
    ] as const) {
      expect(app.session.load(headerOf(dumped(name))).flash.all()).toEqual(shown)
    }
  })

  it('stays as it is while nobody asks for it, with the circle that flash.now makes in it', () => {
    const session = app.session.load(headerOf(dumped('flash/now')))
    expect(session.get('flash')).toMatchObject({ className: 'ActionDispatch::Flash::FlashHash' })
    expect([session.rejected, session.changed]).toEqual([null, false])
    session.set('user_id', 7)
    expect(typedFlash(app, session.commit())).toEqual(readTyped(dumped('flash/now')))
  })

  it('is not taken for a flash where it is of another class', () => {
    const other = Buffer.from(
      dumped('flash/notice').toString('latin1').replace('Flash::FlashHash', 'Flash::OtherHash'),
      'latin1',
    )
    expect(app.session.load(headerOf(other)).flash.keys()).toEqual([])
  })

  /** A session with that flash in it. */
  function headerOf(flash: Buffer): string {
    const payload = parse(writeMarshal({ session_id: 'x' }))
      .update({ flash: parse(flash).data })
      .bytes()
    const raw = rails('3.2', { cookiesSerializer: { dump: () => Buffer.from(payload), load: () => ({}) } })
    return headerWith(raw, {})
  }
})

function parse(dump: Uint8Array): MarshalDump {
  const parsed = MarshalDump.parse(dump)
  if (!parsed.ok) throw new Error(parsed.reason)
  return parsed.value
}

function readTyped(dump: Buffer): unknown {
  const read = readMarshalTyped(dump)
  return read.ok ? read.value : undefined
}
