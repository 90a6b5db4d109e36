import { pbkdf2Sync } from 'node:crypto'
import { readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { loadNative } from '../../src/backend/native.ts'
import { runScript } from './addon.ts'

const CLEAN = { code: 0, stderr: '' }
const SECRET = 'a secret_key_base that is long enough to be one'

/** A keyring in a child process, as `keyring`; its derived key, as `key`. */
const PREPARE = `
  const key = addon.derive('SHA256', Buffer.from(${JSON.stringify(SECRET)}), Buffer.from('salt'), 1000, 32)
  const builder = new addon.KeyringBuilder()
  builder.addAead('aes-256-gcm', key, false)
  const workspace = new addon.Workspace(new Uint32Array(8192), new Uint32Array(8192))
  const keyring = builder.build(workspace)
`

describe('a process with the addon', () => {
  it('ends by itself, silently, with code 0', async () => {
    expect(await runScript('')).toMatchObject({ ...CLEAN, stdout: '' })
    expect(await runScript(`${PREPARE} keyring.open(keyring.seal('x', '', 0), 0)`)).toMatchObject(CLEAN)
  })

  it('keeps the exit code that it was given', async () => {
    expect(await runScript(`${PREPARE} process.exit(7)`)).toMatchObject({ code: 7, stderr: '' })
  })

  it('ends while a derivation is under way', async () => {
    const script = `
      const late = addon.deriveAsync('SHA512', new Uint8Array(9), new Uint8Array(9), 400_000, 64)
      late.then(() => process.exit(1))
      process.exit(3)
    `
    expect(await runScript(script)).toMatchObject({ code: 3, stderr: '' })
  })

  it('waits for a derivation that nobody awaits', async () => {
    const script = `
      addon.deriveAsync('SHA512', new Uint8Array(9), new Uint8Array(9), 5000, 64).then((key) => console.log(key.length))
    `
    expect(await runScript(script)).toMatchObject({ ...CLEAN, stdout: '64\n' })
  })
})

describe('worker threads', () => {
  // Each loads the addon, opens and seals without end or a while, and ends in one of three ways.
  const WORKER = `
    const { parentPort, workerData } = require('node:worker_threads')
    const addon = require(workerData.loader)
    ${PREPARE}
    const text = keyring.seal('{"session_id":"x"}', '', 0)
    parentPort.postMessage('ready')
    if (workerData.number % 3 === 0) {
      addon.deriveAsync('SHA512', new Uint8Array(9), new Uint8Array(9), 200_000, 64)
      for (;;) keyring.open(keyring.seal(text, '', 0), 0)
    }
    for (let i = 0; i < 2000; i++) if (keyring.open(text, 0) === '') throw new Error('not opened')
    if (workerData.number % 3 === 1) process.exit(0)
  `
  const SCRIPT = `
    const { Worker } = require('node:worker_threads')
    ${PREPARE}
    let failed = 0
    const run = (number) => new Promise((resolve) => {
      const worker = new Worker(${JSON.stringify(WORKER)}, { eval: true, workerData: { loader: LOADER, number } })
      worker.on('message', () => { if (number % 3 === 0) setTimeout(() => worker.terminate(), number % 7) })
      worker.on('error', () => failed++)
      worker.on('exit', resolve)
    })
    const all = async () => {
      for (let batch = 0; batch < 5; batch++) {
        await Promise.all(Array.from({ length: 10 }, (_, number) => run(batch * 10 + number)))
        if (keyring.open(keyring.seal('x', '', 0), 0) !== 'x') failed++
      }
      console.log(failed)
    }
    all()
  `

  it('load it, open, seal and end, in the middle of a call as well', async () => {
    expect(await runScript(SCRIPT)).toMatchObject({ ...CLEAN, stdout: '0\n' })
  })
})

describe('memory', () => {
  /** Megabytes by which the process grew over a loop, after a tenth of it to warm up. */
  const growth = async (prepare: string, count: number, body: string): Promise<number> => {
    const script = `
      ${prepare}
      const turn = () => new Promise((resolve) => setImmediate(resolve))
      const loop = async (count) => { for (let i = 0; i < count; i++) { ${body} } }
      const settled = async () => {
        for (let i = 0; i < 4; i++) { gc(); await new Promise((resolve) => setTimeout(resolve, 20)) }
        return process.memoryUsage.rss() / 2 ** 20
      }
      const all = async () => {
        await loop(${count / 10})
        const before = await settled()
        await loop(${count})
        console.log(await settled() - before)
      }
      all()
    `
    const { code, stdout } = await runScript(script, [], ['--expose-gc'])
    expect(code).toBe(0)
    return Number(stdout)
  }

  it('does not grow over a million calls', async () => {
    const prepare = `${PREPARE}
      const text = keyring.seal(JSON.stringify({ session_id: 'x'.repeat(32), list: Array(20).fill('entry') }), '', 0)
      const bad = text.slice(0, -4) + 'AAA='
    `
    const body = `
      keyring.open(text, 1 + (i % 2 << 1))
      if (i % 4 === 0) keyring.open(bad, 1)
      if (i % 8 === 0) keyring.seal('{"session_id":"x"}', '', 2)
      if (i % 100 === 0) try { keyring.open(i) } catch {}
    `
    expect(await growth(prepare, 1_000_000, body)).toBeLessThan(12)
  })

  it('is given back by keys and keyrings that are no longer used', async () => {
    const body = `
      const mine = addon.Key.fromBytes(new Uint8Array(32))
      const builder = new addon.KeyringBuilder()
      for (let j = 0; j < 4; j++) builder.addAead('aes-256-gcm', mine, false)
      builder.build(workspace).open('x', 1)
      if (i % 500 === 0) await turn()
    `
    // Kept, each would take 5 KB: 100,000 are 500 MB.
    expect(
      await growth(
        'const words = () => new Uint32Array(8192); const workspace = new addon.Workspace(words(), words())',
        100_000,
        body,
      ),
    ).toBeLessThan(100)
  })
})

describe('secrets', () => {
  const derived = pbkdf2Sync(SECRET, 'salt', 1000, 32, 'sha256')
  const forms = [
    ...(['hex', 'latin1', 'base64', 'base64url'] as const).map((encoding) => derived.toString(encoding)),
    derived.join(),
    derived.subarray(0, 16).toString('latin1'),
    derived.subarray(16).toString('latin1'),
  ]
  const snapshot = async (leak: string): Promise<string> => {
    const file = join(tmpdir(), `rails-session-${process.pid}.heapsnapshot`)
    const script = `${PREPARE}
      globalThis.kept = [key, builder, keyring, keyring.open(keyring.seal('x', '', 0), 0)]
      ${leak}
      require('node:v8').writeHeapSnapshot(process.argv[1])
    `
    try {
      expect(await runScript(script, [file])).toMatchObject({ code: 0 })
      return (JSON.parse(readFileSync(file, 'utf8')) as { strings: string[] }).strings.join('\n')
    } finally {
      rmSync(file, { force: true })
    }
  }

  it('are not in a heap snapshot', async () => {
    const heap = await snapshot('')
    expect(heap.length).toBeGreaterThan(10_000)
    for (const form of forms) expect(heap.includes(form)).toBe(false)
  })

  it('would be found in a heap snapshot', async () => {
    expect(
      (await snapshot(`globalThis.leaked = Buffer.from(key.bytes()).toString('hex')`)).includes(forms[0] ?? ''),
    ).toBe(true)
  })

  it('are not shown when a key or keyring is', () => {
    const native = loadNative()
    const key = native.key(derived)
    const keyring = native.keyring([{ kind: 'aead', cipher: 'aes-256-gcm', key, urlSafe: false }])
    for (const value of [key, keyring, native]) {
      const options = { depth: null, showHidden: true, getters: false } as const
      const shown = [inspect(value, options), JSON.stringify(value), String(value), Object.entries(value).join()].join()
      for (const form of forms) expect(shown.includes(form)).toBe(false)
      expect(shown).not.toMatch(/\d+, ?\d+, ?\d+/)
    }
  })

  it('cannot be sent to another thread', () => {
    const native = loadNative()
    const key = native.key(derived)
    const keyring = native.keyring([{ kind: 'aead', cipher: 'aes-256-gcm', key, urlSafe: false }])
    expect(() => structuredClone(keyring)).toThrow('could not be cloned')
    expect(structuredClone(key)).toEqual({})
  })
})
