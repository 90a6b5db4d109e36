/** Why a dump is not read. `undecodable`: Ruby refuses it as well. */
export interface Refusal {
  readonly ok: false
  readonly reason: 'undecodable' | 'limit_exceeded' | 'cyclic'
}

/** A value, or why there is none. */
export type MarshalResult<Value = unknown> = { readonly ok: true; readonly value: Value } | Refusal

export const UNDECODABLE: Refusal = Object.freeze({ ok: false, reason: 'undecodable' })
export const LIMIT_EXCEEDED: Refusal = Object.freeze({ ok: false, reason: 'limit_exceeded' })
export const CYCLIC: Refusal = Object.freeze({ ok: false, reason: 'cyclic' })

/** Gives up where Ruby raises. To be called inside of {@link attempt}. */
export function refuse(): never {
  // The result itself and no Error: making a stack trace takes longer than reading a dump.
  // oxlint-disable-next-line no-throw-literal
  throw UNDECODABLE
}

/** Runs a reader; a refusal that it throws is the result. */
export function attempt<Value>(read: () => Value): MarshalResult<Value> {
  try {
    return { ok: true, value: read() }
  } catch (error) {
    if (error === UNDECODABLE || error === LIMIT_EXCEEDED || error === CYCLIC) return error as Refusal
    throw error
  }
}
