/** Whether `JSON.parse` and Ruby's parser are sure to agree on `text`, as {@link OpenFlag} `PLAIN_JSON` defines it. */
export function isPlainJson(text: string): boolean {
  return (
    !CONTROL.test(text) &&
    !hasLongDigitRun(text) &&
    !(text.includes('-0') && NEGATIVE_ZERO.test(text)) &&
    !(text.includes('\\u') && SURROGATE_ESCAPE.test(text)) &&
    !hasManyOpeners(text)
  )
}

/** Every run of 16 characters has one whose index is 15 modulo 16, so that only these are looked at. */
function hasLongDigitRun(text: string): boolean {
  for (let probe = DIGIT_RUN - 1; probe < text.length; probe += DIGIT_RUN) {
    if (!isDigit(text.charCodeAt(probe))) continue
    let start = probe
    while (start > 0 && isDigit(text.charCodeAt(start - 1))) start--
    let end = probe + 1
    while (end - start < DIGIT_RUN && isDigit(text.charCodeAt(end))) end++
    if (end - start >= DIGIT_RUN) return true
  }
  return false
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39
}

function hasManyOpeners(text: string): boolean {
  let openers = 0
  for (const opener of OPENERS) {
    for (let at = text.indexOf(opener); at >= 0; at = text.indexOf(opener, at + 1)) {
      if (++openers > MAX_OPENERS) return true
    }
  }
  return false
}

const DIGIT_RUN = 16
// oxlint-disable-next-line no-control-regex -- they are what is looked for
const CONTROL = /[\0-\x1f]/
const NEGATIVE_ZERO = /(?:^|[:[, ])-0/
const SURROGATE_ESCAPE = /\\u[dD]/
const OPENERS = ['[', '{'] as const
const MAX_OPENERS = 100
