import { type ChildProcess, spawn } from 'node:child_process'

/** A child process that serves HTTP on a port of its own. It never outlives this process. */
export class Server {
  readonly url: string
  readonly #child: ChildProcess
  readonly #log: Log

  private constructor(child: ChildProcess, log: Log, url: string) {
    this.#child = child
    this.#log = log
    this.url = url
  }

  /**
   * Starts a program, and waits until it prints `… listening on http://…`.
   *
   * @param command the program and its arguments
   * @param cwd where it runs
   * @param variables added to the environment
   * @throws Error with what it printed, when it ends before that or takes longer than 30 seconds.
   */
  static async start(command: readonly string[], cwd: string, variables: NodeJS.ProcessEnv): Promise<Server> {
    const [program, ...args] = command
    const env = { ...process.env, ...variables }
    const child = spawn(program!, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })
    running.add(child)
    child.once('close', () => running.delete(child))
    const log = new Log(child)
    try {
      return new Server(child, log, await log.url(START_MS))
    } catch (error) {
      await stop(child)
      throw new Error(`${command.join(' ')}: ${(error as Error).message}\n${log.tail}`, { cause: error })
    }
  }

  /** The end of what it printed. */
  get log(): string {
    return this.#log.tail
  }

  stop(): Promise<void> {
    return stop(this.#child)
  }
}

/** What a child prints. */
class Log {
  tail = ''
  readonly #child: ChildProcess

  constructor(child: ChildProcess) {
    this.#child = child
    for (const stream of [child.stdout!, child.stderr!]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        this.tail = (this.tail + text).slice(-8000)
      })
    }
  }

  url(withinMs: number): Promise<string> {
    return new Promise((resolve, reject) => {
      const look = (): void => {
        const [, url] = /listening on (http:\/\/\S+)\n/i.exec(this.tail) ?? []
        if (url !== undefined) resolve(url)
      }
      this.#child.stdout!.on('data', look)
      this.#child.on('error', reject)
      this.#child.on('close', (code) => reject(new Error(`ended with ${code}`)))
      setTimeout(() => reject(new Error(`does not listen after ${withinMs} ms`)), withinMs).unref()
    })
  }
}

async function stop(child: ChildProcess): Promise<void> {
  if (!running.has(child) || child.pid === undefined) return
  const closed = new Promise((resolve) => child.once('close', resolve))
  // Nothing is lost with them, and puma would wait for connections that a browser keeps open.
  child.kill('SIGKILL')
  await closed
}

const running = new Set<ChildProcess>()
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL')
})

const START_MS = 30_000
