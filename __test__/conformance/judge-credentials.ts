import type { Court } from './court.ts'
import { unsupported, type Verdict } from './verdict.ts'
import type { CredentialsCase } from './vectors.ts'

/** Judges a case of the layer credentials. */
export function judgeCredentials(_court: Court, _vector: CredentialsCase): Verdict {
  return unsupported('needs EncryptedFile')
}
