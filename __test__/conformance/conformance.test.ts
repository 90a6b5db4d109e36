import { beforeAll, describe, expect, it } from 'vitest'
import { backends } from '../contract/backends.ts'
import { committedFiles, committedRecords } from './committed.ts'
import { RULES, type Rule } from './rules.ts'
import { merge, type Result, run } from './run.ts'
import { LAYERS_IN_SCOPE } from './scope.ts'
import { readVectors } from './vectors.ts'

const MINUTES = 60_000

describe.each([...backends])('recorded cases on backend $name', (backend) => {
  let result: Result

  beforeAll(() => {
    result = run(backend, committedFiles, committedRecords)
  }, 10 * MINUTES)

  it('all come out as real Rails has them', () => {
    const failed = result.files.flatMap(({ file, verdicts }) =>
      verdicts.flatMap(({ status, why }, i) =>
        status === 'failed' ? `${file.layer}/${file.label} ${file.cases[i]!.id}: ${why}` : [],
      ),
    )
    expect(failed).toEqual([])
    expect(result.tally.failed).toBe(0)
  })

  it.each(LAYERS_IN_SCOPE)('are answered in layer %s', (layer) => {
    const passed = result.files.filter(({ file }) => file.layer === layer).map(({ tally }) => tally.passed)
    expect(passed.reduce((sum, count) => sum + count, 0)).toBeGreaterThan(50)
  })

  it.each(Object.keys(RULES) as Rule[])('deviate by rule: %s', (rule) => {
    expect(result.rules.get(rule) ?? 0).toBeGreaterThan(0)
  })

  it.each([
    'signed cookie',
    'encrypted cookie',
    'signed message',
    'Set-Cookie line',
    'JSON',
    'Marshal dump',
    'MessagePack',
    'CSRF token',
  ] as const)('are written again, byte for byte: %s', (kind) => {
    expect(result.written.get(kind) ?? 0).toBeGreaterThan(100)
  })

  it('count each case once, whatever the number of backends', () => {
    const total = committedFiles.reduce((sum, { cases }) => sum + cases.length, 0)
    const { passed, failed, deviating, unsupported } = merge([result, result])
    expect(passed + failed + deviating + unsupported).toBe(total)
    expect(merge([result, result])).toEqual(result.tally)
  })
})

describe('the committed vectors', () => {
  it.each([
    ['cookies', '3.2 4.0 4.1 4.2 5.0 5.1 5.2 6.0 6.1p 7.0 7.1 7.1b 7.2 7.2p 8.0 8.1 main'],
    ['app', '4.0 4.1 4.2 5.0 5.1 5.2 6.0 6.1p 7.0 7.1 7.2p 8.0 8.1 main'],
    ['cross', '3.2 4.0 4.1 4.2 5.0 5.1 5.2 6.0 6.1p 7.0 7.1 7.2p 8.0 8.1 main'],
    ['messages', '3.2 4.0 4.1 4.2 5.0 5.1 5.2 6.0 6.1p 7.0 7.1 7.1b 7.2 7.2p 8.0 8.1 main'],
    ['keys', '4.0 4.1 4.2 5.0 5.1 5.2 6.0 6.1p 7.0 7.1 7.1b 7.2 7.2p 8.0 8.1 main'],
    ['headers', '3.2 4.0 4.1 4.2 5.0 5.1 5.2 6.0 6.1p 7.0 7.1 7.1b 7.2 7.2p 8.0 8.1 main'],
    ['json', '3.2 4.0 4.1 4.2 5.0 5.1 5.2 6.0 6.1p 7.0 7.1 7.1b 7.2 7.2p 8.0 8.1 main'],
    ['marshal', '2.7 3.1 3.3'],
    ['marshal_rails', '3.2 4.0 4.1 4.2 5.0 5.1 5.2 6.0 6.1p 7.0 7.1 7.1b 7.2 7.2p 8.0 8.1 main'],
    ['message_pack', '7.1 7.2 7.2p 8.0 8.1 main'],
    ['session_lifecycle', '3.2 4.0 4.1 4.2 5.0 5.1 5.2 6.0 6.1p 7.0 7.1 7.1b 7.2p 8.0 8.1 main'],
    ['credentials', '5.2 6.0 6.1p 7.0 7.1 7.1b 7.2 7.2p 8.0 8.1 main'],
    ['csrf', '4.2 5.0 5.1 5.2 6.0 6.1p 7.0 7.1 7.1b 7.2 7.2p 8.0 8.1 main'],
  ])('hold every version of %s', (layer, labels) => {
    const found = committedFiles.filter((file) => file.layer === layer && file.cases.length > 0)
    expect(found.map(({ label }) => label)).toEqual(labels.split(' '))
  })

  it('hold the layers that are answered, and no other', () => {
    const layers = new Set(committedFiles.map(({ layer }) => layer))
    expect([...layers]).toEqual(LAYERS_IN_SCOPE)
  })

  it('have the digest of every expectation', () => {
    const known = committedFiles.filter(({ layer }) => LAYERS_IN_SCOPE.includes(layer))
    const altered = known.map(({ cases, ...file }) => ({
      ...file,
      cases: cases.slice(0, 3).map((vector) => ({
        ...vector,
        // The name that what Rails answered has in the layer.
        [file.layer === 'session_lifecycle' ? 'seen' : 'expected']: { accepted: 'altered' },
      })),
    }))
    for (const file of altered) {
      if (file.layer === 'keys') continue
      for (const vector of file.cases) expect(committedRecords.digests.altered(file, vector)).toBe(true)
    }
    for (const file of known) {
      for (const vector of file.cases) expect(committedRecords.digests.altered(file, vector)).toBe(false)
    }
  })

  it('are not read from a folder that does not exist', () => {
    expect(() => readVectors('no such folder')).toThrow('no such folder does not exist')
  })
})
