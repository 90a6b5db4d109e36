/** Which characters are escaped beyond those that JSON demands. */
export interface Quoting {
  /** `<`, `>` and `&`, by Rails' `escape_html_entities_in_json`. */
  readonly htmlEntities: boolean
  /** U+2028 and U+2029, by Rails' `escape_js_separators_in_json`. */
  readonly jsSeparators: boolean
  /** 1 for every ASCII character that cannot stand as it is. */
  readonly special: Uint8Array
}

/** The quoting for Rails' two settings. */
export function quotingFor(htmlEntities: boolean, jsSeparators: boolean): Quoting {
  return htmlEntities ? (jsSeparators ? BOTH : HTML_ENTITIES) : jsSeparators ? JS_SEPARATORS : NEITHER
}

/** The JSON string for a text, or `undefined` for a text with a lone surrogate, which has no UTF-8. */
export function quote(text: string, quoting: Quoting): string | undefined {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code > 0x7f || quoting.special[code] === 1) {
      // JavaScript and Ruby escape alike: \b \f \n \r \t \" \\, other control characters in lower-case hex.
      return text.isWellFormed() ? escapeExtra(JSON.stringify(text), quoting) : undefined
    }
  }
  return '"' + text + '"'
}

/** Adds the escapes that Rails' settings ask for to a JSON text; these characters only stand in its strings. */
export function escapeExtra(json: string, quoting: Quoting): string {
  let text = json
  if (quoting.htmlEntities && (text.includes('<') || text.includes('>') || text.includes('&'))) {
    text = text.replace(/[<>&]/g, (character) =>
      character === '<' ? '\\u003c' : character === '>' ? '\\u003e' : '\\u0026',
    )
  }
  if (quoting.jsSeparators && (text.includes('\u2028') || text.includes('\u2029'))) {
    text = text.replace(/[\u2028\u2029]/g, (character) => (character === '\u2028' ? '\\u2028' : '\\u2029'))
  }
  return text
}

const BOTH = table(true, true)
const HTML_ENTITIES = table(true, false)
const JS_SEPARATORS = table(false, true)
const NEITHER = table(false, false)

function table(htmlEntities: boolean, jsSeparators: boolean): Quoting {
  const special = new Uint8Array(128).fill(1, 0, 0x20)
  for (const character of htmlEntities ? '"\\<>&' : '"\\') special[character.charCodeAt(0)] = 1
  return { htmlEntities, jsSeparators, special }
}
