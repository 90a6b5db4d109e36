import { Buffer, isUtf8 } from 'node:buffer'
import { UnserializableValueError } from '../../src/errors.ts'
import { jsonFormat } from '../../src/serializers/json/json.ts'
import type { JsonWriteOptions } from '../../src/serializers/json/writer.ts'
import { payloadBytes, payloadFromBytes } from '../../src/serializers/payload.ts'
import { accepting, answerOfValue, difference } from './answer.ts'
import type { Court } from './court.ts'
import { olderJson, readOlderJson } from './older-json.ts'
import type { Ruling } from './rules.ts'
import { canonical, type Tagged, valueOf } from './typed-tree.ts'
import { Findings, unsupported, type Verdict } from './verdict.ts'
import type { JsonCase, VectorConfig } from './vectors.ts'

/** Judges a case of the layer json: what Rails wrote for a value, and what it reads out of that. */
export function judgeJson(court: Court, vector: JsonCase): Verdict {
  if (vector.op !== 'encode' && vector.op !== 'decode') return unsupported(`JSON operation ${vector.op}`)
  const findings = new Findings()
  if (vector.op === 'encode') judgeWriting(court, vector, findings)
  judgeReading(vector, findings)
  return findings.verdict
}

function judgeWriting(court: Court, vector: JsonCase, findings: Findings): void {
  const ours = write(vector)
  const rails = recorded(vector)
  if (rails !== null && ours?.equals(rails)) return findings.wrote('JSON')
  if (rails === null && ours === null) return
  findings.rule(ruleOnWriting(court, vector, ours), `wrote ${String(ours)}, Rails: ${String(rails)}`)
}

function ruleOnWriting({ file, twins }: Court, vector: JsonCase, ours: Buffer | null): Ruling {
  const { input_typed: input, config } = vector
  if (!same(olderJson(input, config, file.rails), recorded(vector)))
    return { why: `not the JSON of Rails ${file.rails}` }
  const twin = twins.find(file.layer, vector.id) as JsonCase | undefined
  if (twin === undefined && twins.has(file.layer)) return { why: 'Rails 8.1 has no such case, so that Rails decides' }
  // Most values are made at random for each version.
  const isSame = twin !== undefined && canonical(twin.input_typed) === canonical(input)
  const newest = isSame ? recorded(twin) : olderJson(input, config, '8.1')
  return same(ours, newest) ? { rule: 'older JSON' } : { why: `Rails 8.1 writes ${String(newest)}` }
}

function judgeReading(vector: JsonCase, findings: Findings): void {
  const { expected } = vector
  const json = recorded(vector)
  // What Rails did not write, it has not read; `expected` is why.
  if (json === null) return findings.fail(expected.accepted ? 'accepted without any JSON' : null)
  const unlike = difference(answerOfValue(jsonFormat(optionsOf({})).read(payloadFromBytes(json))), expected)
  if (unlike === null) return
  // Up to 4.0, Rails wrote bytes that are not UTF-8, and so it read them again.
  const older = isUtf8(json) ? undefined : readOlderJson(json)
  const isOlder = older !== undefined && difference(accepting(older), expected) === null
  findings.rule(isOlder ? { rule: 'older JSON' } : { why: 'no older Rails reads that' }, unlike)
}

function write(vector: JsonCase): Buffer | null {
  const { input_typed: input, config, expected } = vector
  try {
    return Buffer.from(
      payloadBytes(jsonFormat(optionsOf(config)).dump(valueOf(isUntold(input) ? expected.typed : input))),
    )
  } catch (error) {
    if (error instanceof UnserializableValueError) return null
    throw error
  }
}

function optionsOf(config: VectorConfig): JsonWriteOptions {
  return {
    escapeHtmlEntities: config['escape_html_entities_in_json'] !== false,
    escapeJsSeparators: config['escape_js_separators_in_json'] !== false,
    dialect: 'active_support',
  }
}

/** What Rails wrote; null where it raised. */
function recorded({ json, json_base64: base64 }: JsonCase): Buffer | null {
  if (json !== undefined) return Buffer.from(json)
  return base64 === undefined ? null : Buffer.from(base64, 'base64')
}

function same(a: Buffer | null, b: Buffer | null): boolean {
  return a === null || b === null ? a === b : a.equals(b)
}

/** An Enumerator is written as what it gives, which its tree does not tell, but what is read again does. */
function isUntold(tree: unknown): boolean {
  return typeof tree === 'object' && tree !== null && (tree as Partial<Tagged>)['class'] === 'Enumerator'
}
