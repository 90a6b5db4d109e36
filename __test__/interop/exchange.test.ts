import { describe, expect, it } from 'vitest'
import { exchange, type RailsSide } from './exchange.ts'
import { OurSide, type Reading } from './our-side.ts'
import { Random } from './random.ts'
import type { Read, Written } from './rails-process.ts'
import { randomTrials, type Trial } from './trials.ts'

// A comparison that never fails shows nothing. Here this library stands for Rails, with its answers changed on the way.
describe('exchange', () => {
  it('finds no difference between two that are the same', async () => {
    for (const found of await differencesOf(trials(100), {})) expect(found).toEqual([])
  })

  it('finds a value that Rails read as another', async () => {
    const read = (answer: Read): Read => (answer.accepted ? { ...answer, typed: 1 } : answer)
    for (const found of await differencesOf(trials(20, sealedAndRead), { read })) {
      expect(found).toContain('Rails reads ours')
    }
  })

  it('finds a value that Rails wrote as another', async () => {
    const value = { other: 'value' }
    for (const found of await differencesOf(
      trials(20, (each) => sealedAndRead(each) && !each.rich),
      { value },
    )) {
      expect(found).toContain('we read Rails')
    }
    // Here Rails says what there is to read, and ours is something else, or cannot be written.
    for (const found of await differencesOf(
      trials(20, (each) => sealedAndRead(each) && each.rich),
      { value },
    )) {
      expect(found).not.toEqual([])
    }
  })

  it('finds a Float that was read as an Integer', async () => {
    const [first] = trials(1, sealedAndRead)
    const read = (answer: Read): Read => (answer.accepted ? { ...answer, typed: 1 } : answer)
    const trial = { ...first!, jar: 'signed', value: 1.5, reader: { ...first!.reader, jar: 'signed' } } as const
    expect(await differences(trial, {})).toEqual([])
    expect(await differences(trial, { read })).toContain('we read Rails')
  })

  it('finds another attribute in the line', async () => {
    const wrote = (written: Written): Written =>
      'lines' in written ? { lines: written.lines.map((line) => `${line}; secure`) } : written
    for (const found of await differencesOf(trials(20, isSent), { wrote })) expect(found).toContain('written')
  })

  it('finds an exception that only one of the two raises', async () => {
    const wrote = (): Written => ({ raised: 'ActionDispatch::Cookies::CookieOverflow' })
    for (const found of await differencesOf(trials(20, isSent), { wrote })) expect(found).toContain('written')
  })

  it('finds a cookie that Rails accepts although it was tampered with', async () => {
    const read = (): Read => ({ accepted: true, typed: 'anything', rewritten: false })
    for (const found of await differencesOf(trials(20, sealedAndRead), { read })) expect(found).toContain('tampered')
  })

  it('finds a cookie that Rails accepts after its expiry', async () => {
    const expiring = (trial: Trial): boolean => sealedAndRead(trial) && trial.attributes.expires !== undefined
    const [trial] = trials(1, expiring)
    const read = (answer: Read): Read => (answer.accepted ? answer : { accepted: true, typed: null, rewritten: false })
    expect(await differences(trial!, { read })).toContain('expired')
  })

  it('finds that only one of the two would send the cookie again', async () => {
    const read = (answer: Read): Read => (answer.accepted ? { ...answer, rewritten: !answer.rewritten } : answer)
    const rotated = (trial: Trial): boolean => sealedAndRead(trial) && trial.jar !== 'session'
    for (const found of await differencesOf(trials(20, rotated), { read })) expect(found).toContain('Rails reads ours')
  })
})

describe('randomTrials', () => {
  it('gives the same trials for the same seed, and others for another', () => {
    const first = (seed: number): unknown => randomTrials(new Random(seed), '6.1').next().value
    expect(first(5)).toEqual(first(5))
    expect(first(5)).not.toEqual(first(6))
  })
})

interface Change {
  readonly wrote?: (written: Written) => Written
  readonly read?: (read: Read) => Read
  /** What is written instead of the trial's value. */
  readonly value?: unknown
}

function differencesOf(several: readonly Trial[], change: Change): Promise<string[][]> {
  return Promise.all(several.map((trial) => differences(trial, change)))
}

async function differences(trial: Trial, change: Change): Promise<string[]> {
  const findings = await exchange(trial, standIn(trial, change), new OurSide(FRAMEWORK, 'node'))
  return findings.filter(({ difference }) => difference !== null).map(({ check }) => check)
}

function standIn(trial: Trial, { wrote, read, value }: Change): RailsSide {
  const side = new OurSide(FRAMEWORK, 'node')
  const ask = (request: Readonly<Record<string, unknown>>): Promise<unknown> => {
    if (request['op'] === 'write') {
      const written = side.write(trial, value ?? trial.value)
      return Promise.resolve(wrote?.(written) ?? written)
    }
    const answer = side.read(request as unknown as Reading)
    return Promise.resolve(read?.(answer) ?? answer)
  }
  return { ask: ask as RailsSide['ask'] }
}

/** The first random trials that satisfy a condition. The stand-in does not lengthen values. */
function trials(count: number, wanted: (trial: Trial) => boolean = () => true): Trial[] {
  const found: Trial[] = []
  for (const trial of randomTrials(new Random(7), FRAMEWORK.rails)) {
    if (trial.padding === null && wanted(trial)) found.push(trial)
    if (found.length === count) break
  }
  return found
}

/** What is over plain HTTP may not be sent, and `null` reads as nothing. */
function isSent({ https, value }: Trial): boolean {
  return https && value !== null
}

function sealedAndRead(trial: Trial): boolean {
  return isSent(trial) && !trial.jar.endsWith('plain') && trial.readable === true
}

const FRAMEWORK = { rails: '7.2', rack: '3' } as const
