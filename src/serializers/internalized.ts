/**
 * The text from `start` to `end` as the string object that was given for it before. Storing under one that the engine
 * knows as a property name already saves it a look-up. The table is small, and what falls out of it is only slower.
 */
export function internalized(text: string, start: number, end: number): string {
  const length = end - start
  if (length === 0 || length > LONGEST_KEY) return text.slice(start, end)
  const slot = (length * 31 + text.charCodeAt(start) * 7 + text.charCodeAt(end - 1)) & (KEYS.length - 1)
  const known = KEYS[slot]!
  // Cutting it out and comparing measured faster than `startsWith`.
  const found = text.slice(start, end)
  if (found === known) return known
  const [key] = Object.keys({ [found]: 0 })
  KEYS[slot] = key!
  return key!
}

const LONGEST_KEY = 64
const KEYS: string[] = Array.from({ length: 512 }, () => '')
