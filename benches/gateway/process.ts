import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { FormatName } from '../formats.ts'
import type { Mode } from './modes.ts'

/** What serves the requests. */
export type Framework = 'http' | 'fastify'

/** What a server has done since it started, and the processor time it took, on all of its threads. */
export interface Usage {
  readonly requests: number
  readonly microseconds: number
}

/** A server in a process of its own. */
export class ServerProcess {
  readonly mode: Mode
  readonly url: string
  readonly #child: ChildProcess

  private constructor(mode: Mode, port: number, child: ChildProcess) {
    this.mode = mode
    this.url = `http://127.0.0.1:${port}/`
    this.#child = child
  }

  static async start(framework: Framework, mode: Mode, format: FormatName): Promise<ServerProcess> {
    const child = fork(fileURLToPath(new URL('server.js', import.meta.url)), [framework, mode, format])
    const [port] = await Promise.race([
      once(child, 'message') as Promise<[number]>,
      once(child, 'exit').then(([code]) => Promise.reject(new Error(`gateway: ${framework} ended with code ${code}`))),
    ])
    return new ServerProcess(mode, port, child)
  }

  async usage(): Promise<Usage> {
    const answer = once(this.#child, 'message')
    this.#child.send('usage')
    const [usage] = (await answer) as [Usage]
    return usage
  }

  async stop(): Promise<void> {
    const exit = once(this.#child, 'exit')
    this.#child.disconnect()
    await exit
  }
}
