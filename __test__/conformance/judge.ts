import type { Backend } from '../../src/backend/backend.ts'
import { Applications } from './applications.ts'
import type { Court } from './court.ts'
import type { Digests } from './digests.ts'
import { judgeCookie } from './judge-cookie.ts'
import { judgeCredentials } from './judge-credentials.ts'
import { judgeCsrf } from './judge-csrf.ts'
import { judgeHeader } from './judge-header.ts'
import { judgeJson } from './judge-json.ts'
import { judgeLifecycle } from './judge-lifecycle.ts'
import { judgeMarshal } from './judge-marshal.ts'
import { judgeMessage } from './judge-message.ts'
import { judgeMessagePack } from './judge-message-pack.ts'
import { keyOf } from './keys.ts'
import { LAYERS_IN_SCOPE } from './scope.ts'
import { NoSuchOption, rackOf } from './settings.ts'
import type { Twins } from './twins.ts'
import { failed, Findings, unsupported, type Verdict } from './verdict.ts'
import type {
  AnyCase,
  CookieCase,
  CredentialsCase,
  CsrfCase,
  HeaderCase,
  JsonCase,
  KeyCase,
  LifecycleCase,
  MarshalCase,
  MessageCase,
  MessagePackCase,
  VectorFile,
} from './vectors.ts'

/** What the judge knows besides the case: 8.1's answers, and the digests of what was recorded. */
export interface Records {
  readonly twins: Twins
  readonly digests: Digests
}

/** Judges every case of a file on one backend, in order. */
export function judgeFile(backend: Backend, file: VectorFile, { twins, digests }: Records): Verdict[] {
  if (!LAYERS_IN_SCOPE.includes(file.layer)) {
    const verdict = unsupported(`layer ${file.layer}`)
    return file.cases.map(() => verdict)
  }
  const framework = { rails: file.rails, rack: rackOf(file.rails, file.rack) }
  const court = { backend, file, framework, applications: new Applications(backend), twins }
  return file.cases.map((vector) => {
    if (digests.altered(file, vector)) return failed('the expectation is not the one that was recorded')
    try {
      return judge(court, vector)
    } catch (error) {
      if (error instanceof NoSuchOption) return unsupported(error.message)
      return failed(`threw ${error instanceof Error ? `${error.name}: ${error.message}` : String(error)}`)
    }
  })
}

function judge(court: Court, vector: AnyCase): Verdict {
  switch (court.file.layer) {
    case 'messages':
      return judgeMessage(court, vector as MessageCase)
    case 'keys': {
      const findings = new Findings()
      const key = keyOf(court.backend.name, vector as KeyCase)
      if (key !== (vector as KeyCase).key_hex) findings.fail(`derived ${key}`)
      return findings.verdict
    }
    case 'headers':
      return judgeHeader(court, vector as HeaderCase)
    case 'json':
      return judgeJson(court, vector as JsonCase)
    case 'marshal':
    case 'marshal_rails':
      return judgeMarshal(court, vector as MarshalCase)
    case 'message_pack':
      return judgeMessagePack(court, vector as MessagePackCase)
    case 'credentials':
      return judgeCredentials(court, vector as CredentialsCase)
    case 'csrf':
      return judgeCsrf(court, vector as CsrfCase)
    case 'session_lifecycle':
      return judgeLifecycle(court, vector as LifecycleCase)
    default:
      return judgeCookie(court, vector as CookieCase)
  }
}
