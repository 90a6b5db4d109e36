import { Buffer } from 'node:buffer'
import { EncryptedFile } from '../../src/active-support/encrypted-file.ts'
import { nodeBackend } from '../../src/backend/node-crypto.ts'
import { ConfigError } from '../../src/errors.ts'
import { atLeast } from '../../src/rails/version.ts'
import type { Court } from './court.ts'
import { configurationOf } from './older-credentials.ts'
import { openMessage, type Release } from './older-messages.ts'
import type { Ruling } from './rules.ts'
import { canonical, entryOf } from './typed-tree.ts'
import { Findings, type Verdict } from './verdict.ts'
import type { CredentialsCase } from './vectors.ts'

/** Judges a case of the layer credentials: what is in an encrypted file, and what Rails makes of it. */
export function judgeCredentials(court: Court, vector: CredentialsCase): Verdict {
  const findings = new Findings()
  judgeReading(court, vector, findings)
  if (vector.expected.accepted) {
    judgeConfiguration(court, vector, findings)
    judgeWriting(court, vector, findings)
  } else if (vector.config_error !== vector.expected.reason) {
    findings.fail(
      `a configuration that raised ${vector.config_error}, of a content that raised ${vector.expected.reason}`,
    )
  }
  return findings.verdict
}

function judgeReading(court: Court, vector: CredentialsCase, findings: Findings): void {
  const { file_content: file, expected } = vector
  const ours = decrypt(court, vector)
  if ('refused' in ours) return findings.fail(unlikeRefusal(ours.refused, vector, court.file))
  if (!expected.accepted) {
    return findings.rule(ruleOnBlanks(court, vector), `accepted, Rails refused (${expected.reason})`)
  }
  const { content_base64: base64, content, content_encoding: encoding } = expected
  if (Buffer.from(ours.content).toString('base64') !== base64) findings.fail('another content')
  if (content !== undefined && ours.text !== content) findings.fail('another text')
  if (encoding === 'UTF-8' ? ours.text === null : encoding !== 'ASCII-8BIT') findings.fail(`no text in ${encoding}`)
  const plaintext = decryptApart(file.trim(), vector, court.file)?.toString('base64')
  if (plaintext !== vector.plaintext_base64) findings.fail('another plaintext')
}

type Decrypted = { readonly content: Uint8Array; readonly text: string | null } | { readonly refused: string }

function decrypt({ backend }: Court, { master_key: key, file_content: file }: CredentialsCase): Decrypted {
  try {
    const opened = new EncryptedFile(key, { backend: backend.name }).decrypt(file)
    return opened.ok ? opened : { refused: opened.reason }
  } catch (error) {
    if (error instanceof ConfigError) return { refused: WRONG_KEY }
    throw error
  }
}

/** From 7.1 on, Rails tells a key of another length from a message that it cannot open. */
function unlikeRefusal(refused: string, { expected }: CredentialsCase, { rails }: Release): string | null {
  if (expected.accepted) return `refused (${refused}), Rails accepted`
  const told = !atLeast(rails, '7.1') || (expected.reason === 'ArgumentError') === (refused === WRONG_KEY)
  return told ? null : `refused (${refused}), Rails raised ${expected.reason}`
}

/** Up to 7.1, Rails took blanks around the text of a file for a part of it. */
function ruleOnBlanks({ file, twins }: Court, vector: CredentialsCase): Ruling {
  const { file_content: content } = vector
  const isOlder = !atLeast(file.rails, '7.2') && content.trim() !== content
  if (!isOlder || decryptApart(content, vector, file) !== null) return { why: `Rails ${file.rails} reads it` }
  const twin = twins.find(file.layer, vector.id) as CredentialsCase | undefined
  const isUnwitnessed = twin === undefined ? twins.has(file.layer) : !twin.expected.accepted
  return isUnwitnessed ? { why: 'Rails 8.1 refuses it, too' } : { rule: 'tolerant form' }
}

function judgeConfiguration({ file }: Court, vector: CredentialsCase, findings: Findings): void {
  const { expected, config_typed: typed, config_error: error, secret_key_base: secret } = vector
  const content = Buffer.from(expected.content_base64 ?? '', 'base64')
  const configuration = configurationOf(content, file.rails, file.ruby)
  if ('error' in configuration) {
    if (configuration.error !== error) findings.fail(`a configuration of Rails raises ${configuration.error}`)
    return
  }
  if (canonical(configuration.typed) !== canonical(typed)) findings.fail('another configuration')
  if ((entryOf(typed, 'secret_key_base') ?? null) !== secret) findings.fail('another secret_key_base')
}

/** What we encrypt has the plaintext that Rails wrote, and Rails opens it. */
function judgeWriting({ backend, file }: Court, vector: CredentialsCase, findings: Findings): void {
  const { content, content_base64: base64 } = vector.expected
  const credentials = new EncryptedFile(vector.master_key, { backend: backend.name })
  const encrypted = credentials.encrypt(content ?? Buffer.from(base64 ?? '', 'base64'))
  const plaintext = decryptApart(encrypted, vector, file)?.toString('base64')
  if (plaintext === vector.plaintext_base64) findings.wrote('credentials')
  else findings.fail(`encrypted ${plaintext}, Rails: ${vector.plaintext_base64}`)
}

/** The plaintext of a file by another way than ours; null where that Rails does not open it. */
function decryptApart(text: string, { master_key: digits }: CredentialsCase, release: Release): Buffer | null {
  const key = nodeBackend.key(Buffer.from(digits.trim(), 'hex'))
  const schemes = [{ kind: 'aead', cipher: 'aes-128-gcm', key, urlSafe: false }] as const
  return openMessage(text, schemes, release)?.plaintext ?? null
}

const WRONG_KEY = 'wrong key'
