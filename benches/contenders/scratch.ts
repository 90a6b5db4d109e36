/**
 * A Buffer with the methods that `toString` and `write` call. They are not documented and save the look-up of the
 * encoding, which is a twentieth of the time of a small text.
 */
export interface ScratchBuffer extends Buffer {
  latin1Write(text: string, offset: number): number
  utf8Write(text: string, offset: number): number
  base64Write(text: string, offset: number): number
  latin1Slice(start?: number, end?: number): string
  utf8Slice(start?: number, end?: number): string
  base64Slice(start?: number, end?: number): string
}

/** Memory of its own that is kept between calls. */
export function scratch(bytes: number): ScratchBuffer {
  return Buffer.allocUnsafeSlow(bytes) as ScratchBuffer
}

/** Any Buffer, to call those methods on. */
export function raw(buffer: Buffer): ScratchBuffer {
  return buffer as ScratchBuffer
}

/** Longest cookie that contenders look at, as `limits.readBytes` of the library. */
export const MAX_COOKIE = 8192
