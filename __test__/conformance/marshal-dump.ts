/**
 * Another reader of Marshal 4.8, apart from the library: which classes a dump names, and what is inside the objects whose
 * classes dump themselves. It knows no class: every object is told as it stands in the dump.
 */
import { Buffer, isUtf8 } from 'node:buffer'
import { rubyFloatText } from '../../src/ruby/float-text.ts'
import { DumpedKeys } from './dumped-keys.ts'

/** An object that a class of the application has dumped: bytes (`u`), or a value (`U`), as nodes of a typed tree. */
export type SelfDumped =
  | { readonly $: 'user_dump'; readonly class: string; readonly b64: string }
  | { readonly $: 'user_marshal'; readonly class: string; readonly v: unknown }

/** An object or a Struct by its instance variables or members, as nodes of a typed tree. */
export interface DumpedObject {
  readonly $: 'object' | 'struct'
  readonly class: string
  readonly fields: ReadonlyArray<readonly [name: string, value: unknown]>
}

/** What a dump says about classes, as far as it can be read. */
export interface DumpFacts {
  /** Names of classes and modules, one character a byte, with the type byte before them, in the order of the dump. */
  readonly classes: ReadonlyArray<readonly [type: string, name: string]>
  readonly selfDumped: readonly SelfDumped[]
  readonly objects: readonly DumpedObject[]
  readonly keys: DumpedKeys
  /** Whether an object comes again, by its number. */
  readonly hasLinks: boolean
  /** Whether a Hash has instance variables. */
  readonly hasHashVariables: boolean
  /** Whether there is a large Integer of a length below zero. */
  readonly hasNegativeLength: boolean
}

/** The facts of a dump, of which the first two bytes are the version. */
export function readDump(dump: Uint8Array): DumpFacts {
  const reader = new DumpReader(Buffer.from(dump))
  try {
    reader.value()
  } catch (error) {
    // Too deep for this reader is a RangeError, too.
    if (error !== BROKEN && !(error instanceof RangeError)) throw error
  }
  return reader
}

class DumpReader implements DumpFacts {
  readonly classes: Array<[string, string]> = []
  readonly selfDumped: SelfDumped[] = []
  readonly objects: DumpedObject[] = []
  readonly keys = new DumpedKeys()
  hasLinks = false
  hasHashVariables = false
  hasNegativeLength = false
  #byIdentity = false
  readonly #bytes: Buffer
  readonly #symbols: string[] = []
  readonly #objects: unknown[] = []
  #at = 2

  constructor(bytes: Buffer) {
    this.#bytes = bytes
  }

  /** `hasVariables`: an `I` stood before it, so instance variables follow. */
  value(hasVariables: boolean = false): unknown {
    const type = String.fromCharCode(this.#byte())
    switch (type) {
      case '0':
        return null
      case 'T':
      case 'F':
        return type === 'T'
      case 'i':
        return this.#integer()
      case 'l':
        return this.#register(this.#bignum())
      case 'f':
        return this.#register({ $: 'float', v: floatText(this.#text()) })
      case 'I':
        return this.value(true)
      case ':':
      case ';':
        this.#at -= 1
        return { $: 'symbol', ...bytesTree(this.#symbol(hasVariables)) }
      case '@':
        return this.#link()
      case '"':
        return this.#string(hasVariables)
      case '[':
        return this.#array()
      case '{':
      case '}':
        return this.#hash(type === '}', hasVariables)
      case 'c':
      case 'm':
      case 'M': {
        const name = this.#text()
        this.classes.push([type, name])
        return this.#register({ $: type === 'c' ? 'class' : 'module', v: name })
      }
      case '/': {
        const node = this.#register({ $: 'regexp', source: this.#text(), options: this.#byte() })
        if (hasVariables) this.#pairs()
        return node
      }
      case 'o':
      case 'S': {
        const node: Record<string, unknown> = this.#register({ $: type === 'o' ? 'object' : 'struct' })
        node['class'] = this.#className(type)
        node['fields'] = this.#pairs()
        this.objects.push(node as unknown as DumpedObject)
        if (hasVariables) this.#pairs()
        return node
      }
      case 'u': {
        const className = this.#className(type)
        const body = Buffer.from(this.#text(), 'latin1').toString('base64')
        // It gets its number after what its bytes have around them.
        if (hasVariables) this.#pairs()
        const node: SelfDumped = { $: 'user_dump', class: className, b64: body }
        this.selfDumped.push(node)
        return this.#register(node)
      }
      case 'U': {
        const node: Record<string, unknown> = this.#register({ $: 'user_marshal' })
        node['class'] = this.#className(type)
        this.selfDumped.push(node as unknown as SelfDumped)
        node['v'] = this.value()
        return node
      }
      case 'C':
      case 'e':
        // Where keys are told apart as objects, they are no copies.
        this.#byIdentity = this.#className(type) === 'Hash'
        return this.value(hasVariables)
      default:
        return fail()
    }
  }

  #string(hasVariables: boolean): unknown {
    const number = this.#objects.push(null) - 1
    const text = this.#text()
    const variables = hasVariables ? this.#pairs() : []
    const encoding = variables.reduce((found, [name, value]) => encodingOf(name, value) ?? found, 'ASCII-8BIT')
    const string = stringTree(text, encoding)
    this.#objects[number] = string
    this.keys.meet(number)
    return string
  }

  #link(): unknown {
    this.hasLinks = true
    const number = this.#integer()
    const found = this.#objects[number]
    if (isString(found)) this.keys.meet(number)
    return linked(found)
  }

  #array(): unknown[] {
    const array: unknown[] = this.#register([])
    for (let count = this.#integer(); count > 0; count--) array.push(this.value())
    return array
  }

  #hash(hasDefault: boolean, hasVariables: boolean): unknown {
    const byIdentity = this.#byIdentity
    this.#byIdentity = false
    const pairs: Array<readonly [unknown, unknown]> = []
    const node: Record<string, unknown> = this.#register({ $: 'hash', v: pairs })
    for (let count = this.#integer(); count > 0; count--) {
      const key = this.value()
      if (isString(key) && !byIdentity) this.keys.takeForKey()
      pairs.push([key, this.value()])
    }
    if (!byIdentity) this.keys.ofHash(pairs.map(([key]) => key).filter(isString))
    if (hasDefault) node['default'] = this.value()
    if (hasVariables) {
      this.hasHashVariables = true
      this.#pairs()
    }
    return node
  }

  /** Instance variables or members. */
  #pairs(): Array<[string, unknown]> {
    const pairs: Array<[string, unknown]> = []
    for (let count = this.#integer(); count > 0; count--) pairs.push([this.#symbol(false), this.value()])
    return pairs
  }

  #className(type: string): string {
    const name = this.#symbol(false)
    this.classes.push([type, name])
    return name
  }

  #symbol(hasVariables: boolean): string {
    const type = String.fromCharCode(this.#byte())
    if (type === 'I') return this.#symbol(true)
    if (type === ';') return this.#symbols[this.#integer()] ?? fail()
    if (type !== ':') return fail()
    const name = this.#text()
    this.#symbols.push(name)
    if (hasVariables) this.#pairs()
    return name
  }

  #bignum(): unknown {
    const negative = String.fromCharCode(this.#byte()) === '-'
    const length = this.#integer()
    if (length < 0) this.hasNegativeLength = true
    const bytes = this.#raw(Math.max(length, 0) * 2).toReversed()
    const size = BigInt(`0x0${Buffer.from(bytes).toString('hex')}`)
    const value = negative ? -size : size
    return Number.isSafeInteger(Number(value)) ? Number(value) : { $: 'int', v: String(value) }
  }

  #register<T>(node: T): T {
    this.#objects.push(node)
    return node
  }

  #integer(): number {
    const first = this.#bytes.readInt8(this.#step(1))
    if (first === 0) return 0
    if (first > 4) return first - 5
    if (first < -4) return first + 5
    const size = Math.abs(first)
    const value = this.#bytes.readUIntLE(this.#step(size), size)
    return first > 0 ? value : value - 2 ** (8 * size)
  }

  #text(): string {
    return this.#raw(this.#integer()).toString('latin1')
  }

  #raw(length: number): Buffer {
    if (length < 0) return fail()
    const start = this.#step(length)
    return this.#bytes.subarray(start, start + length)
  }

  #byte(): number {
    return this.#bytes[this.#step(1)]!
  }

  #step(length: number): number {
    if (this.#at + length > this.#bytes.length) return fail()
    this.#at += length
    return this.#at - length
  }
}

function isString(node: unknown): boolean {
  return typeof node === 'string' || (node as { $?: unknown } | null)?.$ === 'string'
}

function stringTree(binary: string, encoding: string): unknown {
  const bytes = Buffer.from(binary, 'latin1')
  return encoding === 'UTF-8' && isUtf8(bytes)
    ? bytes.toString('utf8')
    : { $: 'string', enc: encoding, b64: bytes.toString('base64') }
}

/** What a link leads to: a String or a number as it is, of anything else only that it comes again. */
function linked(node: unknown): unknown {
  if (node === undefined) return fail()
  const isLeaf = typeof node !== 'object' || LEAVES.has(String((node as { $?: unknown } | null)?.$))
  return isLeaf ? node : { $: 'again' }
}

function encodingOf(name: string, value: unknown): string | undefined {
  if (name === 'E' && typeof value === 'boolean') return value ? 'UTF-8' : 'US-ASCII'
  if (name !== 'encoding') return undefined
  return typeof value === 'string'
    ? value
    : Buffer.from(String((value as { b64?: unknown }).b64), 'base64').toString('latin1')
}

/** Fields of a node for bytes that are given one character a byte. */
function bytesTree(binary: string): object {
  const bytes = Buffer.from(binary, 'latin1')
  return isUtf8(bytes) ? { v: bytes.toString('utf8') } : { enc: 'ASCII-8BIT', b64: bytes.toString('base64') }
}

function floatText(text: string): string {
  const named = { inf: Infinity, '-inf': -Infinity, nan: Number.NaN }[text]
  return rubyFloatText(named ?? Number(text))
}

function fail(): never {
  throw BROKEN
}

const LEAVES: ReadonlySet<string> = new Set(['string', 'float', 'int', 'class', 'module', 'regexp'])
const BROKEN: unique symbol = Symbol('broken')
