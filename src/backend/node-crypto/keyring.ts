import { isUtf8 } from 'node:buffer'
import { randomBytes } from 'node:crypto'
import { type Keyring, OPEN_FROM_SHIFT, OpenFlag, type Scheme, SealFlag } from '../backend.ts'
import { createReport, type Report, ReportFlag, ReportWord, Status } from '../report.ts'
import { AeadCodec } from './aead.ts'
import { CbcCodec } from './cbc.ts'
import { keyLengthOf } from './cipher.ts'
import { ENVELOPE_START, splitEnvelope } from './envelope.ts'
import { formEscape, messageBytes } from './form.ts'
import type { MessageCodec } from './message-codec.ts'
import { isPlainJson } from './plain-json.ts'
import { countsBytes } from './signature.ts'
import { SignedCodec } from './signed.ts'

/** Schemes and keys in private fields: showing a keyring shows none of them. */
export class NodeKeyring implements Keyring {
  readonly report: Report = REPORT
  readonly draft = null
  readonly #codecs: readonly MessageCodec[]
  readonly #sealer: MessageCodec

  /**
   * Throws a `RangeError` when a key does not fit its cipher or there are not 1 to 127 schemes, and an `Error` naming
   * the algorithm when this build of Node.js lacks one.
   */
  constructor(schemes: readonly Scheme[]) {
    const codecs = schemes.map(codecFor)
    const [sealer] = codecs
    if (sealer === undefined || codecs.length > MAX_SCHEMES) {
      throw new RangeError(`a keyring takes 1 to ${MAX_SCHEMES} schemes, not ${codecs.length}`)
    }
    this.#codecs = codecs
    this.#sealer = sealer
  }

  open(text: string, how: number): string {
    const message = messageBytes(text, (how & OpenFlag.ESCAPED) !== 0)
    let refusal: number = Status.MALFORMED
    for (let number = how >>> OPEN_FROM_SHIFT; number < this.#codecs.length; number++) {
      const plaintext = this.#codecs[number]?.open(message) ?? Status.MALFORMED
      if (typeof plaintext !== 'number') return opened(number, plaintext)
      // The statuses are in the order of how much they tell.
      refusal = Math.max(refusal, plaintext)
    }
    REPORT.words[ReportWord.STATUS] = refusal
    return ''
  }

  seal(payload: string, tail: string, flags: number): string {
    const { ivLength } = this.#sealer
    // From OpenSSL's generator for every message: no pool that a fork or a heap snapshot could repeat.
    return this.sealWithIv(payload, tail, flags, ivLength === 0 ? NO_IV : randomBytes(ivLength))
  }

  sealDraft(): string {
    throw new Error('this backend takes no drafts')
  }

  sealWithIv(payload: string, tail: string, flags: number, iv: Uint8Array): string {
    const { ivLength } = this.#sealer
    if (iv.length !== ivLength) throw new RangeError(`the scheme takes an IV of ${ivLength} bytes, not ${iv.length}`)
    const bytes = flags & SealFlag.BYTES ? singleBytes(payload) : Buffer.from(payload)
    const plaintext = tail === '' ? bytes : Buffer.from(ENVELOPE_START + bytes.toString('base64') + tail)
    const message = this.#sealer.seal(plaintext, iv)
    return flags & SealFlag.ESCAPE ? formEscape(message) : message
  }
}

/** The bytes that the characters stand for. Without the check, characters above 255 would be cut down to a byte. */
function singleBytes(text: string): Buffer {
  const bytes = Buffer.from(text, 'latin1')
  if (bytes.toString('latin1') !== text) throw new RangeError('a character of the payload does not stand for a byte')
  return bytes
}

function codecFor(scheme: Scheme, number: number): MessageCodec {
  if (scheme.kind === 'signed') return new SignedCodec(scheme)
  const { cipher, key } = scheme
  const keyLength = keyLengthOf(cipher)
  if (key.length !== keyLength) {
    throw new RangeError(`scheme ${number}: ${cipher} takes a key of ${keyLength} bytes, not ${key.length}`)
  }
  return scheme.kind === 'cbc' ? new CbcCodec(scheme) : new AeadCodec(scheme)
}

/** What {@link Keyring.open} returns for a plaintext. */
function opened(number: number, plaintext: Buffer): string {
  const whole = textOf(plaintext)
  const envelope = whole === null ? null : splitEnvelope(whole)
  if (envelope === null) return report(number, 0, plaintext, whole, '', '')
  const { message, exp, pur } = envelope
  return report(number, ReportFlag.ENVELOPE, message, textOf(message), exp, pur)
}

function report(
  number: number,
  envelopeFlag: number,
  bytes: Buffer,
  text: string | null,
  exp: string,
  pur: string,
): string {
  const payload = text ?? bytes.toString('latin1')
  const payloadFlag = text === null ? ReportFlag.BYTES : isPlainJson(text) ? ReportFlag.PLAIN_JSON : 0
  REPORT.words.set([Status.OK, number, envelopeFlag | payloadFlag, exp.length, pur.length])
  return payload + exp + pur
}

/** The text of bytes that are UTF-8, a byte order mark included; null for other bytes, and for formats that count bytes. */
function textOf(bytes: Buffer): string | null {
  if (countsBytes(bytes)) return null
  const text = bytes.toString('utf8')
  // Whatever is not UTF-8 decodes to a replacement character, so that most texts need no second look.
  return text.includes('\uFFFD') && !isUtf8(bytes) ? null : text
}

/** Without tokens. */
const REPORT = createReport(0)

const NO_IV = new Uint8Array(0)

/** As the native backend has it. */
const MAX_SCHEMES = 127
