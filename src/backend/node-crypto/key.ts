import type { Key } from '../backend.ts'

/** Key bytes in a private field, so that neither `util.inspect`, `JSON.stringify` nor `String` shows them. */
export class NodeKey implements Key {
  readonly #bytes: Uint8Array
  readonly length: number

  /** Copies `bytes`. The copy is never a slice of Node's buffer pool, which any other small Buffer can reach. */
  constructor(bytes: Uint8Array) {
    this.#bytes = new Uint8Array(bytes)
    this.length = bytes.length
  }

  bytes(): Uint8Array {
    return new Uint8Array(this.#bytes)
  }
}
