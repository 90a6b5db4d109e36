import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { faultOf, MARSHAL_READERS } from '../../../benches/contenders/marshal-readers.ts'
import { corpus } from '../../../benches/corpus.ts'
import { rubyMarshal } from '../../../benches/marshal.ts'

describe('dumps of the corpus', () => {
  it("are those of Ruby 3.1's Marshal.dump(JSON.parse(json)), byte for byte", () => {
    const dumps = corpus().flatMap(({ sessions }) => sessions.map(rubyMarshal))
    const digest = createHash('sha256').update(Buffer.concat(dumps)).digest('hex')
    expect(digest).toBe('b4d09de015aa9beddcd132b426dbdc1eb8ca478fa45ea80065c406fcce0461da')
  })

  it('are shared where Ruby shares them', () => {
    const dump = rubyMarshal([{ a: 0.5 }, { a: 0.5 }]).toString('latin1')
    expect(dump).toBe('\u0004\b[\u0007{\u0006I"\u0006a\u0006:\u0006ETf\b0.5{\u0006@\u0007@\b')
  })
})

describe('readers on npm', () => {
  it.each([
    ['@hyrious/marshal', null],
    ['@qnighy/marshal', null],
    ['marshal', expect.any(String)],
    ['marsha', expect.any(String)],
  ])('%s is compared only if it reads all of them', (name, fault) => {
    expect(faultOf(MARSHAL_READERS[name]!)).toEqual(fault)
  })
})
