import {
  type Backend,
  type Derivation,
  type Key,
  type Keyring,
  type Scheme,
  SealFlag,
} from '../../src/backend/backend.ts'

/** A backend that seals with the IV of a recorded message, and otherwise is the one it wraps. */
export class VectorBackend implements Backend {
  readonly name: 'native' | 'node'
  readonly #backend: Backend
  #iv: Uint8Array | null = null
  #opening: readonly Scheme[] = []

  /** The one wrapper of a backend, so that keys are derived once. */
  static over(backend: Backend): VectorBackend {
    let wrapper = WRAPPERS.get(backend)
    if (wrapper === undefined) {
      wrapper = new VectorBackend(backend)
      WRAPPERS.set(backend, wrapper)
    }
    return wrapper
  }

  private constructor(backend: Backend) {
    this.name = backend.name
    this.#backend = backend
  }

  /** What `seal` gives while every message is sealed with this IV (empty for signed messages). */
  withIv<T>(iv: Uint8Array, seal: () => T): T {
    this.#iv = iv
    try {
      return seal()
    } finally {
      this.#iv = null
    }
  }

  /** Forgets {@link schemes}. */
  forget(): void {
    this.#opening = []
  }

  /** The schemes that the last message was opened with. */
  get schemes(): readonly Scheme[] {
    return this.#opening
  }

  derive(derivation: Derivation): Key {
    return this.#backend.derive(derivation)
  }

  deriveAsync(derivation: Derivation): Promise<Key> {
    return this.#backend.deriveAsync(derivation)
  }

  key(bytes: Uint8Array): Key {
    return this.#backend.key(bytes)
  }

  keyring(schemes: readonly Scheme[]): Keyring {
    const keyring = this.#backend.keyring(schemes)
    return {
      report: keyring.report,
      draft: keyring.draft,
      open: (text, how) => {
        this.#opening = schemes
        return keyring.open(text, how)
      },
      seal: (payload, tail, flags) =>
        this.#iv === null ? keyring.seal(payload, tail, flags) : keyring.sealWithIv(payload, tail, flags, this.#iv),
      sealDraft: (text, tail, flags, words) => {
        if (this.#iv === null) return keyring.sealDraft(text, tail, flags, words)
        // There is none with a given IV: what was composed is opened, and sealed again.
        const sealed = keyring.sealDraft(text, '', flags & ~SealFlag.ESCAPE, words)
        if (sealed === '') return ''
        const payload = keyring.open(sealed, 0)
        // What was opened before has no tokens any more.
        keyring.report.count += 1
        return keyring.sealWithIv(payload, tail, flags & SealFlag.ESCAPE, this.#iv)
      },
      sealWithIv: (payload, tail, flags, iv) => keyring.sealWithIv(payload, tail, flags, iv),
    }
  }
}

const WRAPPERS = new WeakMap<Backend, VectorBackend>()
