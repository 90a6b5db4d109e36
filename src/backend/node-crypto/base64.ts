/**
 * Decodes base64 as Ruby's `strict_decode64` does: RFC 4648 alphabet, padded, no whitespace, trailing bits zero.
 * Null for anything else. Each character of `text` must stand for one byte.
 */
export function decodeStandard(text: string): Buffer | null {
  const bytes = Buffer.from(text, 'base64')
  // Node's decoder is lax and its encoder canonical: exactly the canonical texts come back unchanged.
  return bytes.toString('base64') === text ? bytes : null
}

/**
 * Decodes base64 as Ruby's `urlsafe_decode64` does: `-_` for `+/`, which stay allowed, and no padding needed;
 * otherwise as {@link decodeStandard}. It accepts whatever `decodeStandard` accepts, with the same result.
 */
export function decodeUrlSafe(text: string): Buffer | null {
  const missing = text.endsWith('=') ? 0 : -text.length & 3
  const padded = missing === 0 ? text : text + '='.repeat(missing)
  return decodeStandard(padded.replaceAll('-', '+').replaceAll('_', '/'))
}

/** Encodes as Rails does: padded with the standard alphabet, or url-safe without padding. */
export function encode(bytes: Buffer, urlSafe: boolean): string {
  return bytes.toString(urlSafe ? 'base64url' : 'base64')
}
