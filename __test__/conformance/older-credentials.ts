/** What configuration Rails 5.2 to 8.2 make of credentials, which are YAML. */
import { type Buffer, isUtf8 } from 'node:buffer'
import { isAlias, isMap, isScalar, isSeq, type Node, parseDocument, Scalar, type YAMLMap } from 'yaml'
import { atLeast, type RailsVersion } from '../../src/rails/version.ts'

/** A configuration as a typed tree, or the class of the exception that Rails raised over it. */
export type Configuration = { readonly typed: unknown } | { readonly error: string }

/** `Rails.application.credentials.config` for a content. `ruby`: its version, which decides about the Psych that reads YAML. */
export function configurationOf(content: Buffer, rails: RailsVersion, ruby: string): Configuration {
  const document = isUtf8(content) ? parseDocument(content.toString('utf8'), YAML_OPTIONS) : null
  if (document === null || document.errors.length > 0) {
    return { error: atLeast(rails, '7.1') ? `${ENCRYPTED_CONFIGURATION}::InvalidContentError` : 'Psych::SyntaxError' }
  }
  // 6.1 asked for what had been unsafe, and got what Psych 4 made safe.
  const loader = new Loader(ruby, rails === '6.1' && ruby.startsWith('3.'))
  try {
    const root = document.contents
    if (root === null || (isScalar(root) && root.source === '')) return { typed: {} }
    if (!isMap(root)) return { error: 'NoMethodError' }
    const typed = loader.hash(root)
    const hasOtherKeys = root.items.some(({ key }) => isScalar(key) && typeof loader.plain(key) !== 'string')
    return hasOtherKeys && atLeast(rails, '8.0') ? { error: `${ENCRYPTED_CONFIGURATION}::InvalidKeyError` } : { typed }
  } catch (error) {
    if (error instanceof Refused) return { error: error.message }
    throw error
  }
}

/** Thrown with the class of the exception that Psych raised. */
class Refused extends Error {}

/** Builds Ruby values out of YAML, Symbols for all keys that are Strings. */
class Loader {
  readonly #ruby: string
  readonly #safe: boolean
  readonly #anchors = new Map<string, Node>()

  constructor(ruby: string, safe: boolean) {
    this.#ruby = ruby
    this.#safe = safe
  }

  hash(map: YAMLMap): unknown {
    const pairs = new Map<string, [unknown, unknown]>()
    for (const [key, value] of this.#pairs(map)) pairs.set(JSON.stringify(key), [key, value])
    return pairs.size === 0 ? {} : { $: 'hash', v: [...pairs.values()] }
  }

  #pairs(map: YAMLMap): Array<[unknown, unknown]> {
    this.#remember(map)
    return map.items.flatMap(({ key, value }): Array<[unknown, unknown]> => {
      if (isScalar(key) && key.value === '<<' && isAlias(value)) return this.#pairs(this.#find(value.source) as YAMLMap)
      const name = this.#value(key as Node)
      return [[typeof name === 'string' ? { $: 'symbol', v: name } : name, this.#value(value as Node | null)]]
    })
  }

  #value(node: Node | null): unknown {
    if (node === null) return null
    if (isAlias(node)) return this.#value(this.#find(node.source))
    this.#remember(node)
    if (isMap(node)) return this.hash(node)
    if (isSeq(node)) return node.items.map((item) => this.#value(item as Node))
    return this.plain(node as Scalar)
  }

  /** A scalar by what Psych makes of its text; in quotes and blocks, it is a String. */
  plain({ type, value }: Scalar): unknown {
    const text = String(value ?? '')
    if (type !== Scalar.PLAIN) return text
    if (/^(?:~|null|)$/i.test(text)) return null
    if (/^(?:yes|true|on)$/i.test(text)) return true
    if (/^(?:no|false|off)$/i.test(text)) return false
    if (/^[-+]?\d+$/.test(text)) return Number(text)
    if (/^[-+]?\d+\.\d+$/.test(text)) return { $: 'float', v: String(Number(text)) }
    if (/^:./.test(text)) return { $: 'symbol', v: text.slice(1) }
    if (!/^\d{4}-\d\d-\d\d$/.test(text)) return text
    if (this.#safe) throw new Refused('Psych::DisallowedClass')
    // Psych 5 counts by the Gregorian calendar alone.
    return { $: 'date', v: text, start: { $: 'float', v: this.#ruby.startsWith('3.3.') ? '-Infinity' : '2299161.0' } }
  }

  #remember(node: Node): void {
    const { anchor } = node as { anchor?: string }
    if (anchor !== undefined) this.#anchors.set(anchor, node)
  }

  #find(anchor: string): Node {
    if (this.#safe) throw new Refused('Psych::BadAlias')
    const node = this.#anchors.get(anchor)
    if (node === undefined) throw new Refused('Psych::AnchorNotDefined')
    return node
  }
}

const ENCRYPTED_CONFIGURATION = 'ActiveSupport::EncryptedConfiguration'
/** Every scalar as its text. */
const YAML_OPTIONS = { schema: 'failsafe', version: '1.1', uniqueKeys: false } as const
