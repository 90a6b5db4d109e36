import { describe, expect, it } from 'vitest'
import type { Flash, SessionData } from '../../../index.ts'
import { application } from '../../support/application.ts'
import { headerAfter, headerWith } from './requests.ts'
import { jsonLines } from '../../support/recorded.ts'

/** What Rails made of one request: `rails-flash.rb` writes it. */
interface Row {
  readonly rails: string
  readonly stored: unknown
  readonly steps: ReadonlyArray<readonly [name: Step, key: string, value: string]>
  readonly shown: SessionData | null
  readonly stored_after: unknown
}
type Step = 'get' | 'set' | 'now' | 'keep' | 'discard' | 'delete' | 'clear'

const rows = jsonLines(new URL('rails-flash.jsonl', import.meta.url)) as Row[]

function take(flash: Flash, [name, key, value]: Row['steps'][number]): void {
  if (name === 'set' || name === 'now') flash[name](key, value)
  else if (name === 'clear') flash.clear()
  else flash[name](key)
}

describe.each(['6.1.7.10', '7.2.2.2'])('a flash is what Rails %s makes of it', (release) => {
  const rails = application({ railsVersion: release.slice(0, 3) as '6.1' | '7.2', loadDefaults: '6.1' })
  const ofRelease = rows.filter((row) => row.rails === release)

  it.each(ofRelease)('$stored after $steps', ({ stored, steps, shown, stored_after: after }) => {
    const before = { user_id: 7, ...(stored === null ? {} : { flash: stored }) }
    const header = headerWith(rails, before)
    const session = rails.session.load(header)
    for (const step of steps) take(session.flash, step)
    expect(steps.length === 0 ? null : session.flash.all()).toEqual(shown)
    const line = session.commit()
    // By the rule 'changed', a flash that stays what it was is not sent.
    expect(line === null).toBe(JSON.stringify(after) === JSON.stringify(stored))
    const next = rails.session.load(line === null ? header : headerAfter(line))
    expect(next.get('flash') ?? null).toEqual(after)
    expect(next.get('user_id')).toBe(7)
  })

  it('in every request that was recorded', () => {
    expect(ofRelease).toHaveLength(305)
  })
})
