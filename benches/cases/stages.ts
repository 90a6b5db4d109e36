import { type Keyring, OpenFlag, type Scheme } from '../../src/backend/backend.ts'
import { selectBackend } from '../../src/backend/select.ts'
import { type Message, openMessage } from '../../src/messages/message.ts'
import { createRails } from '../../src/rails/rails.ts'
import { type Sample, SESSIONS_PER_SAMPLE } from '../corpus.ts'
import { cookiesOf, type Format } from '../formats.ts'
import type { Case, Contender, Timing } from '../harness.ts'

/** One open, measured up to each of its stages. What a stage adds to those before it is what {@link stagesOf} gives. */
export function stagesCase(format: Format, sample: Sample): Case {
  const keyring = nativeKeyring(format)
  const { session } = createRails({ ...format.rails, backend: 'native' })
  const cookies = cookiesOf(format, sample)
  // As long as a cookie, and no message: nothing is unescaped, decoded or authenticated.
  const garbage = cookies.map((cookie) => 'x'.repeat(cookie.length))
  const payload = (index: number): string =>
    (openMessage(keyring, cookies[index]!, OpenFlag.ESCAPED, never) as Message).text
  const upTo: Readonly<Record<Stage, (index: number) => unknown>> = {
    'call, string in': (index) => keyring.open(garbage[index]!, OpenFlag.ESCAPED),
    'unescape, base64, crypto, string out': (index) => keyring.open(cookies[index]!, OpenFlag.ESCAPED),
    unpack: payload,
    'checks, tokens, result object': (index) => session.open(cookies[index]!),
    'JSON to objects': (index) => {
      const opened = session.open(cookies[index]!)
      return opened.ok && opened.data
    },
  }
  const contender = (name: string, role: 'share' | 'aside', run: (index: number) => unknown): Contender => ({
    name,
    role,
    run: (turn) => run(turn & MASK),
  })
  return {
    name: `stages ${format.name} ${sample.name}`,
    expected: (turn) => sample.sessions[turn & MASK],
    contenders: [
      ...Object.entries(upTo).map(([name, run]) => contender(name, 'share', run)),
      contender('JSON.parse instead, with prototypes', 'aside', (index) => JSON.parse(payload(index))),
    ],
  }
}

/** What a stage adds to those before it. */
export interface StageTime {
  readonly name: string
  readonly nanoseconds: number
}

/** The stages of one open, by differences between fastest rounds; last what `JSON.parse` would add to unpacking. */
export function stagesOf(timings: readonly Timing[]): readonly StageTime[] {
  const added = ({ name, min }: Timing, before: Timing | undefined): StageTime => ({
    name,
    nanoseconds: min - (before?.min ?? 0),
  })
  const stages = timings.filter(({ role }) => role === 'share')
  const unpack = stages.find(({ name }) => name === 'unpack')
  const instead = timings.find(({ role }) => role === 'aside')!
  return [...stages.map((stage, index) => added(stage, stages[index - 1])), added(instead, unpack)]
}

type Stage =
  | 'call, string in'
  | 'unescape, base64, crypto, string out'
  | 'unpack'
  | 'checks, tokens, result object'
  | 'JSON to objects'

function nativeKeyring(format: Format): Keyring {
  const backend = selectBackend('native')
  const key = backend.key(format.key)
  const schemes: Record<Format['name'], () => Scheme> = {
    gcm: () => ({ kind: 'aead', cipher: 'aes-256-gcm', key, urlSafe: false }),
    'gcm+envelope': () => ({ kind: 'aead', cipher: 'aes-256-gcm', key, urlSafe: false }),
    cbc: () => ({
      kind: 'cbc',
      cipher: 'aes-256-cbc',
      key,
      signKey: backend.key(format.signKey),
      digest: 'SHA1',
      urlSafe: false,
    }),
    signed: () => ({ kind: 'signed', digest: 'SHA1', key, urlSafe: false }),
  }
  return backend.keyring([schemes[format.name]()])
}

function never(): boolean {
  return false
}

const MASK = SESSIONS_PER_SAMPLE - 1
