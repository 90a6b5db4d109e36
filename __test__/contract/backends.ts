import { existsSync } from 'node:fs'
import type { Backend } from '../../src/backend/backend.ts'
import { nodeBackend } from '../../src/backend/node-crypto.ts'

/** Why the native backend is not among {@link backends}; null if it is. */
export let nativeAbsence: string | null = null

/** The backends under test. With `RAILS_SESSION_REQUIRE_NATIVE=1` the native one must be among them. */
export const backends: readonly Backend[] = [nodeBackend, ...(await nativeBackends())]

async function nativeBackends(): Promise<Backend[]> {
  try {
    const file = new URL('../../src/backend/native.ts', import.meta.url)
    if (!existsSync(file)) throw new Error('there is no src/backend/native.ts')
    const { loadNative }: { loadNative(): Backend } = await import(file.href)
    return [loadNative()]
  } catch (cause) {
    if (process.env['RAILS_SESSION_REQUIRE_NATIVE'] === '1') throw cause
    nativeAbsence = cause instanceof Error ? cause.message : String(cause)
    return []
  }
}
