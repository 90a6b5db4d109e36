import { describe, expect, it } from 'vitest'
import {
  accepted,
  alter,
  type Alteration,
  expecting,
  NO_DIGESTS,
  otherClass,
  otherEncoding,
  otherIdentity,
  otherKeyOrder,
  otherOrder,
  otherPlainValue,
  otherReason,
  otherValue,
  refused,
  unnoticed,
} from './alterations.ts'
import { committedFile, committedRecords } from './committed.ts'

const otherJson: Alteration = (vector) => (vector.json === undefined ? null : { ...vector, json: `${vector.json} ` })
const noJson: Alteration = (vector) => {
  const { json, ...others } = vector
  return json === undefined ? null : others
}
const otherBytes: Alteration = ({ bytes_base64: bytes, ...vector }) =>
  bytes === undefined || vector.op !== 'dump' ? null : { ...vector, bytes_base64: `AAAA${bytes}` }
const otherRedump: Alteration = (vector) =>
  vector.redump_equal === undefined ? null : { ...vector, redump_equal: !vector.redump_equal }
const otherContent: Alteration = expecting((expected) =>
  expected.accepted ? { ...expected, content_base64: 'QQ==', content: 'A' } : null,
)
const otherToken: Alteration = ({ unmasked_hex: hex, ...vector }) =>
  hex === undefined ? null : { ...vector, unmasked_hex: `${hex.slice(0, -1)}${hex.endsWith('0') ? 1 : 0}` }

const indescribable: Alteration = expecting((expected) =>
  'indescribable' in expected ? { accepted: false, reason: 'ArgumentError', message: 'marshal data too short' } : null,
)

const notSent: Alteration = (vector) => (vector.set_cookie?.length === 1 ? { ...vector, set_cookie: [] } : null)
const sentTwice: Alteration = ({ set_cookie: lines, ...vector }) =>
  Array.isArray(lines) && lines.length === 1 ? { ...vector, set_cookie: [...lines, ...lines] } : null
const sent: Alteration = (vector) =>
  vector.set_cookie?.length === 0 ? { ...vector, set_cookie: ['_s=x; path=/'], session_after: {} } : null
const otherAttributes: Alteration = (vector) =>
  vector.set_cookie?.length === 1 ? { ...vector, set_cookie: [`${vector.set_cookie[0]}; secure`] } : null
const otherBefore: Alteration = (vector) =>
  vector.session_before === null ? null : { ...vector, session_before: { session_id: 'x' } }
const otherAfter: Alteration = (vector) =>
  vector.session_after === undefined ? null : { ...vector, session_after: { session_id: 'x' } }
const otherIdKept: Alteration = (vector) =>
  vector.session_id_kept === undefined ? null : { ...vector, session_id_kept: !vector.session_id_kept }
const otherSight: Alteration = (vector) =>
  vector.seen !== undefined && 'v' in vector.seen ? { ...vector, seen: { v: 'x' } } : null

/** Layers, files, alterations, and how many cases each alters at least. */
type Altered = readonly [layer: string, label: string, what: string, Alteration, number]
const ALTERED: readonly Altered[] = [
  ['json', '3.2', 'another value', otherValue, 40],
  ['json', '4.1', 'another text', otherJson, 40],
  ['json', '6.1p', 'another text', otherJson, 40],
  ['json', '8.1', 'another text', otherJson, 100],
  ['json', '8.1', 'refused to write', noJson, 100],
  ['json', '8.1', 'another value', otherValue, 100],
  ['json', '8.1', 'another plain value', otherPlainValue, 60],
  ['json', '8.1', 'another order', otherKeyOrder, 20],
  ['marshal', '3.3', 'another value', otherValue, 300],
  ['marshal', '3.3', 'another plain value', otherPlainValue, 60],
  ['marshal', '3.3', 'refused', refused, 300],
  ['marshal', '3.3', 'accepted', accepted, 50],
  ['marshal', '3.3', 'dumped otherwise', otherRedump, 300],
  ['marshal', '3.3', 'another encoding', otherEncoding, 10],
  ['marshal', '3.3', 'another class', otherClass, 20],
  ['marshal', '3.3', 'another order', otherOrder, 20],
  ['marshal', '3.3', 'another order of keys', otherKeyOrder, 5],
  ['marshal', '3.3', 'another object', otherIdentity, 10],
  ['marshal', '3.3', 'refused though only its value cannot be told', indescribable, 1],
  ['marshal', '2.7', 'another value', otherValue, 100],
  ['marshal_rails', '3.2', 'another value', otherValue, 10],
  ['marshal_rails', '8.1', 'another value', otherValue, 30],
  ['marshal_rails', '8.1', 'refused', refused, 30],
  ['marshal_rails', '8.1', 'another class', otherClass, 10],
  ['marshal_rails', '8.1', 'dumped otherwise', otherRedump, 30],
  ['message_pack', '7.1', 'another value', otherValue, 80],
  ['message_pack', '8.1', 'another value', otherValue, 200],
  ['message_pack', '8.1', 'refused', refused, 200],
  ['message_pack', '8.1', 'accepted', accepted, 50],
  ['message_pack', '8.1', 'other bytes', otherBytes, 150],
  ['message_pack', '8.1', 'another encoding', otherEncoding, 5],
  ['message_pack', '8.1', 'another order', otherOrder, 20],
  ...['3.2', '4.0', '8.1'].flatMap((label): Array<(typeof ALTERED)[number]> => [
    ['session_lifecycle', label, 'not sent', notSent, 5],
    ['session_lifecycle', label, 'sent', sent, 4],
    ['session_lifecycle', label, 'sent twice', sentTwice, 5],
    ['session_lifecycle', label, 'sent with another attribute', otherAttributes, 5],
    ['session_lifecycle', label, 'another session before', otherBefore, 5],
    ['session_lifecycle', label, 'another session after', otherAfter, 5],
    ['session_lifecycle', label, 'another id', otherIdKept, 5],
    ['session_lifecycle', label, 'another value that the application saw', otherSight, 1],
  ]),
  ['credentials', '7.0', 'another content', otherContent, 4],
  ['credentials', '8.1', 'another content', otherContent, 10],
  ['credentials', '8.1', 'refused', refused, 10],
  ['credentials', '8.1', 'accepted', accepted, 5],
  ...['4.2', '5.0', '6.1p', '8.1', 'main'].flatMap((label): Altered[] => [
    ['csrf', label, 'refused', refused, 20],
    ['csrf', label, 'accepted', accepted, 20],
    ['csrf', label, 'another token', otherToken, 2],
  ]),
]

describe('an altered expectation of a lower layer', () => {
  it.each(ALTERED)('%s/%s fails: %s', (layer, label, _, alteration, least) => {
    const altered = alter(committedFile(layer, label), alteration, NO_DIGESTS)
    expect(altered.length).toBeGreaterThanOrEqual(least)
    expect(unnoticed(altered)).toEqual([])
  })

  it.each(['json', 'marshal', 'marshal_rails', 'message_pack', 'credentials', 'csrf'])(
    'of %s fails by its digest, even where it is what we answer',
    (layer) => {
      const file = committedFile(layer, layer === 'marshal' ? '3.3' : '8.1')
      const alterations = [refused, otherValue, otherReason, otherJson, otherBytes, otherRedump, otherToken]
      for (const alteration of alterations) {
        expect(unnoticed(alter(file, alteration, committedRecords.digests))).toEqual([])
      }
    },
  )
})
