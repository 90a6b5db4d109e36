import { Buffer } from 'node:buffer'
import { Random } from '../mutation/random.ts'
import type { SealedBy } from './cookies.ts'
import { difference } from './difference.ts'
import { jsonText } from './json-texts.ts'
import { marshalDump } from './marshal-dumps.ts'
import { mutated } from './mutate.ts'
import { type FormatName, LONGEST } from './payloads.ts'
import { probe, type Read } from './probe.ts'

/** Where the inputs of a run come from: recorded payloads of a format that are changed, or texts and dumps made anew. */
export type SectionName = FormatName | 'tokens'

/** What became of the inputs of one run. */
export interface Tally {
  readonly run: number
  readonly accepted: number
  /** Accepted, and the native backend had tokens for it. */
  readonly fromTokens: number
  readonly failed: number
  /** The first failures, each with what is wrong and the input in base64. */
  readonly failures: readonly string[]
}

/** What the sections draw from. */
export interface Sources {
  readonly payloads: Readonly<Record<FormatName, readonly Buffer[]>>
  readonly applications: readonly SealedBy[]
}

/** Probes `count` inputs; the same seed gives the same. */
export function run(section: SectionName, { payloads, applications }: Sources, count: number, seed: number): Tally {
  const random = new Random(seed)
  const next = section === 'tokens' ? () => generated(random) : changes(payloads[section], random)
  const failures: string[] = []
  const tally = { run: count, accepted: 0, fromTokens: 0, failed: 0 }
  for (let i = 0; i < count; i++) {
    const { payload, text } = next()
    try {
      const { plain, fromTokens } = examine(payload, random.pick(applications))
      if (text !== undefined) agreesWithJavaScript(text, plain)
      if (plain.ok) tally.accepted += 1
      if (fromTokens) tally.fromTokens += 1
    } catch (error) {
      tally.failed += 1
      const what = error instanceof Error ? error.message : String(error)
      if (failures.length < MOST_FAILURES) failures.push(`input ${i}: ${what}: ${payload.toString('base64')}`)
    }
  }
  return { ...tally, failures }
}

/** Probes one input; throws an `Error` for anything that is wrong. */
export function examine(payload: Buffer, application: SealedBy): { plain: Read; fromTokens: boolean } {
  const probed = probe(payload, application)
  if (prototypes() !== PROTOTYPES) throw new Error('Object.prototype or Array.prototype was changed')
  return probed
}

interface Input {
  readonly payload: Buffer
  /** A JSON text on which Ruby and JavaScript agree. */
  readonly text?: string
}

/** At first every payload as it was recorded, then changed ones. */
function changes(payloads: readonly Buffer[], random: Random): () => Input {
  let at = 0
  // Twice: the tokenizer expects keys in the order in which it has seen them.
  const asRecorded = 2 * payloads.length
  let sweep: Buffer[] = []
  return () => {
    at += 1
    if (at <= asRecorded) return { payload: sealable(payloads[at % payloads.length]!) }
    if (sweep.length === 0 && random.below(2000) === 0) sweep = everyByte(random.pick(payloads), random)
    return { payload: sweep.pop() ?? sealable(mutated(random.pick(payloads), random, payloads)) }
  }
}

/** All 256 bytes at one place of a payload. */
function everyByte(payload: Buffer, random: Random): Buffer[] {
  const at = random.below(payload.length)
  return Array.from({ length: 256 }, (_, byte) => {
    const changed = Buffer.from(payload)
    changed[at] = byte
    return sealable(changed)
  })
}

/** Not empty, and not what an application without metadata takes for its envelope. */
function sealable(payload: Buffer): Buffer {
  if (payload.length === 0) return Buffer.from('0')
  return payload.toString('latin1', 0, ENVELOPE.length) === ENVELOPE ? payload.subarray(1) : payload
}

function generated(random: Random): Input {
  for (;;) {
    const input = generatedOfAnyLength(random)
    if (input.payload.length <= LONGEST) return input
  }
}

function generatedOfAnyLength(random: Random): Input {
  if (random.below(4) === 0) return { payload: marshalDump(random) }
  const { text, isOrdinary } = jsonText(random)
  const payload = sealable(Buffer.from(text))
  return isOrdinary ? { payload, text: payload.toString() } : { payload }
}

/** A text without anything special is read as `JSON.parse` does, but for the prototypes. */
function agreesWithJavaScript(text: string, plain: Read): void {
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch {
    if (plain.ok) throw new Error('JSON.parse refuses it')
    return
  }
  if (!plain.ok) throw new Error(`JSON.parse reads it, and we say ${plain.reason}`)
  const found = difference(withoutPrototypes(parsed), plain.value)
  if (found !== null) throw new Error(`JSON.parse: ${found}`)
}

function withoutPrototypes(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  for (const each of Object.values(value)) withoutPrototypes(each)
  return Array.isArray(value) ? value : Object.setPrototypeOf(value, null)
}

/** All that `{}` and `[]` inherit, as text. */
function prototypes(): string {
  return [Object.prototype, Array.prototype].map((each) => Reflect.ownKeys(each).map(String).join(' ')).join('; ')
}

const PROTOTYPES = prototypes()
const ENVELOPE = '{"_rails":{"message":'
const MOST_FAILURES = 10
