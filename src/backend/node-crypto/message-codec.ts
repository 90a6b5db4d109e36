import type { Status } from '../report.ts'

/** Why a message was refused: any status but `OK`. */
export type Refusal = Exclude<(typeof Status)[keyof typeof Status], typeof Status.OK>

/** One way to protect a message, with its keys. Message texts are strings whose characters stand for one byte. */
export interface MessageCodec {
  /** In bytes; 0 if the scheme has no IV. */
  readonly ivLength: number
  /** The authenticated plaintext, or why there is none. Never throws. */
  open(message: string): Buffer | Refusal
  /** `iv` has {@link ivLength} bytes. */
  seal(plaintext: Buffer, iv: Uint8Array): string
}

/** Between the parts of a message. */
export const SEPARATOR = '--'
