import process from 'node:process'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type * as Select from '../../src/backend/select.ts'

/** As in a process that has loaded nothing yet. */
async function fresh(): Promise<typeof Select> {
  vi.resetModules()
  return import('../../src/backend/select.ts')
}

/** The loader looks for the binary where this points, and nowhere else. */
function hideBinary(): void {
  vi.stubEnv('NAPI_RS_NATIVE_LIBRARY_PATH', '/nonexistent/rails-session.node')
}

function thrownBy(call: () => unknown): unknown {
  try {
    call()
  } catch (error) {
    return error
  }
  return undefined
}

const warn = vi.spyOn(process, 'emitWarning')

beforeEach(() => {
  vi.stubEnv('RAILS_SESSION_BACKEND', undefined)
  vi.stubEnv('NAPI_RS_NATIVE_LIBRARY_PATH', undefined)
  warn.mockReset().mockImplementation(() => {})
})

afterEach(() => {
  vi.unstubAllEnvs()
})

describe('without a binary', () => {
  beforeEach(hideBinary)

  it('auto falls back to node:crypto with one warning', async () => {
    const { selectBackend } = await fresh()
    expect(selectBackend('auto').name).toBe('node')
    expect(selectBackend('auto').name).toBe('node')
    expect(warn).toHaveBeenCalledTimes(1)
    expect(warn.mock.calls[0]).toMatchObject([
      expect.stringMatching(/rails-session-\w+-\w+.*Binaries exist for linux-x64-gnu, .*win32-arm64-msvc/),
      { code: 'RAILS_SESSION_NODE_BACKEND', detail: expect.stringMatching(/./) },
    ])
  })

  it('native throws, and says which package is missing', async () => {
    const { selectBackend } = await fresh()
    const error = thrownBy(() => selectBackend('native'))
    expect(error).toMatchObject({ name: 'RailsSessionError', code: 'ERR_RAILS_SESSION_NATIVE_LOAD' })
    expect((error as Error).message).toContain(`rails-session-${process.platform}-${process.arch}`)
    expect((error as Error).cause).toBeInstanceOf(Error)
    expect(warn).not.toHaveBeenCalled()
  })

  it('node does not look for it', async () => {
    const { selectBackend } = await fresh()
    expect(selectBackend('node').name).toBe('node')
    expect(warn).not.toHaveBeenCalled()
  })

  it('RAILS_SESSION_BACKEND=native makes auto throw', async () => {
    vi.stubEnv('RAILS_SESSION_BACKEND', 'native')
    const { selectBackend } = await fresh()
    expect(thrownBy(() => selectBackend('auto'))).toMatchObject({ code: 'ERR_RAILS_SESSION_NATIVE_LOAD' })
    expect(warn).not.toHaveBeenCalled()
  })

  it('RAILS_SESSION_BACKEND=node needs no warning', async () => {
    vi.stubEnv('RAILS_SESSION_BACKEND', 'node')
    const { selectBackend } = await fresh()
    expect(selectBackend('auto').name).toBe('node')
    expect(warn).not.toHaveBeenCalled()
  })
})

describe('with a binary', () => {
  it('auto and native load it', async () => {
    const { selectBackend } = await fresh()
    expect(selectBackend('auto').name).toBe('native')
    expect(selectBackend('native')).toBe(selectBackend('auto'))
    expect(selectBackend('node').name).toBe('node')
    expect(warn).not.toHaveBeenCalled()
  })

  it('an option wins over RAILS_SESSION_BACKEND', async () => {
    vi.stubEnv('RAILS_SESSION_BACKEND', 'node')
    const { selectBackend } = await fresh()
    expect(selectBackend('auto').name).toBe('node')
    expect(selectBackend('native').name).toBe('native')
  })

  it('refuses a RAILS_SESSION_BACKEND that it does not know', async () => {
    vi.stubEnv('RAILS_SESSION_BACKEND', 'rust')
    const { selectBackend } = await fresh()
    expect(thrownBy(() => selectBackend('auto'))).toMatchObject({ code: 'ERR_RAILS_SESSION_CONFIG' })
  })
})
