/** What configuration Rails 5.2 to 8.2 make of credentials, which are YAML. */
import { type Buffer, isUtf8 } from 'node:buffer'
import { isAlias, isMap, isScalar, isSeq, type Node, parseDocument, Scalar, visit, type YAMLMap } from 'yaml'
import { atLeast, type RailsVersion } from '../../src/rails/version.ts'
import { rubyFloatText } from '../../src/ruby/float-text.ts'
import { pairsOf, type Tagged } from './typed-tree.ts'

/** A configuration as a typed tree, or the class of the exception that Rails raised over it. */
export type Configuration = { readonly typed: unknown } | { readonly error: string }

/** `Rails.application.credentials.config` for a content. `ruby`: its version, which decides about the Psych that reads YAML. */
export function configurationOf(content: Buffer, rails: RailsVersion, ruby: string): Configuration {
  const document = isUtf8(content) ? parseDocument(content.toString('utf8'), YAML_OPTIONS) : null
  if (document === null || document.errors.length > 0) {
    return { error: atLeast(rails, '7.1') ? `${ENCRYPTED_CONFIGURATION}::InvalidContentError` : 'Psych::SyntaxError' }
  }
  // 6.1 asked for what had been unsafe, and got what Psych 4 made safe.
  const aliased = new Set<unknown>()
  visit(document, { Alias: (_, { source }) => void aliased.add(source) })
  const loader = new Loader(ruby, rails === '6.1' && ruby.startsWith('3.'), aliased)
  try {
    const root = document.contents
    if (root === null || (isScalar(root) && root.source === '')) return { typed: {} }
    if (!isMap(root)) return { error: 'NoMethodError' }
    const typed = loader.hash(root)
    const hasOtherKeys = pairsOf(typed).some(([key]) => (key as Partial<Tagged> | null)?.$ !== 'symbol')
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
  /** The anchors that are referred to. */
  readonly #aliased: ReadonlySet<unknown>
  readonly #anchors = new Map<string, Node>()

  constructor(ruby: string, safe: boolean, aliased: ReadonlySet<unknown>) {
    this.#ruby = ruby
    this.#safe = safe
    this.#aliased = aliased
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
    if (isAlias(node)) return this.#again(node.source)
    this.#remember(node)
    if (isMap(node)) return this.hash(node)
    if (isSeq(node)) return node.items.map((item) => this.#value(item as Node))
    const value = this.#plain(node as Scalar)
    // A String is one object wherever it is referred to; of a list or a Hash, symbolizing its keys makes another one.
    return typeof value === 'string' && this.#aliased.has(node.anchor)
      ? { $: 'shared', id: node.anchor, v: value }
      : value
  }

  #again(anchor: string): unknown {
    const value = this.#value(this.#find(anchor))
    return (value as Partial<Tagged> | null)?.$ === 'shared' ? { $: 'ref', id: anchor } : value
  }

  /** A scalar by what Psych makes of its text; in quotes and blocks, it is a String. */
  #plain({ type, value, tag }: Scalar): unknown {
    const text = String(value ?? '')
    return type === Scalar.PLAIN && tag !== STRING_TAG ? this.#scan(text) : text
  }

  /** `Psych::ScalarScanner#tokenize`. */
  #scan(text: string): unknown {
    if (/^(?:~|null|)$/i.test(text)) return null
    if (/^(?:yes|true|on)$/i.test(text)) return true
    if (/^(?:no|false|off)$/i.test(text)) return false
    if (/^[-+]?\.inf$|^\.nan$/i.test(text))
      return float(/nan/i.test(text) ? Number.NaN : text.startsWith('-') ? -Infinity : Infinity)
    if (/^:./.test(text)) return { $: 'symbol', v: text.slice(1).replace(/^(["'])(.*)\1$/, '$2') }
    if (DATE.test(text)) return this.#date(text)
    if (SEXAGESIMAL.test(text)) {
      return text.split(':').reduce((sum, digits, i) => sum + Number.parseInt(digits, 10) * 60 ** Math.abs(i - 2), 0)
    }
    const digits = text.replaceAll(/[,_]/g, '')
    if (FLOAT.test(text)) return /\d/.test(text) ? float(Number(digits)) : text
    return INTEGER.test(text) ? integer(digits) : text
  }

  #date(text: string): unknown {
    if (this.#safe) throw new Refused('Psych::DisallowedClass')
    const [year, month = '', day = ''] = text.split('-')
    // Psych 5 counts by the Gregorian calendar alone.
    const start = this.#ruby.startsWith('3.3.') ? '-Infinity' : '2299161.0'
    return {
      $: 'date',
      v: `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`,
      start: { $: 'float', v: start },
    }
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

function float(number: number): unknown {
  return { $: 'float', v: rubyFloatText(number) }
}

function integer(digits: string): unknown {
  const [, sign, size = ''] = /^([-+]?)(.*)$/.exec(digits)!
  const value = BigInt(/^0[0-7]/.test(size) ? `0o${size}` : size) * (sign === '-' ? -1n : 1n)
  return Number.isSafeInteger(Number(value)) ? Number(value) : { $: 'int', v: String(value) }
}

const ENCRYPTED_CONFIGURATION = 'ActiveSupport::EncryptedConfiguration'
const STRING_TAG = 'tag:yaml.org,2002:str'
/** Every scalar as its text. */
const YAML_OPTIONS = { schema: 'failsafe', version: '1.1', uniqueKeys: false } as const
const DATE = /^\d{4}-(?:1[012]|0\d|\d)-(?:[12]\d|3[01]|0\d|\d)$/
const SEXAGESIMAL = /^[-+]?\d[\d_]*(?::[0-5]?\d){1,2}$/
const FLOAT = /^[-+]?(?:\d[\d_,]*)?\.\d*(?:e[-+]\d+)?$/i
const INTEGER = /^[-+]?(?:0_*[0-7_]+|0b[01_]+|0|[1-9](?:\d|[,_]\d)*|0x[\da-f_]+)$/i
