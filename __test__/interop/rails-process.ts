import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'

/** Who answers. */
export interface RailsIdentity {
  readonly rails: string
  readonly rack: string
  readonly ruby: string
}

/** What rails.rb says it wrote. */
export type Written = { readonly lines: readonly string[] } | { readonly raised: string }

/** What rails.rb says it read. */
export type Read =
  | { readonly accepted: true; readonly typed: unknown; readonly rewritten: boolean }
  | { readonly accepted: false; readonly reason: string }

/** A session that rails.rb made. */
export type Session = { readonly cookie: string; readonly keys: readonly string[] } | { readonly raised: string }

/** What rails.rb found to be other than it should be, or what it raised where there is nothing to compare. */
export type Compared = { readonly differences: readonly string[] } | { readonly raised: string }

/** A running rails.rb. */
export class RailsProcess {
  readonly identity: RailsIdentity
  readonly #child: ChildProcess
  readonly #answers: Answers

  private constructor(child: ChildProcess, answers: Answers, identity: RailsIdentity) {
    this.identity = identity
    this.#child = child
    this.#answers = answers
  }

  /** Starts it; rejects with an `Error` that says why when there is no Ruby or no Rails. */
  static async start(command: readonly string[]): Promise<RailsProcess> {
    const [program, ...args] = command
    const child = spawn(program!, args, { env: { ...process.env, LANG: 'C.UTF-8' }, stdio: 'pipe' })
    const answers = new Answers(child)
    return new RailsProcess(child, answers, (await answers.next()) as RailsIdentity)
  }

  /** Sends one request; rails.rb says what is in it. Answers come in the order of the requests. */
  ask(request: Readonly<Record<string, unknown>> & { readonly op: 'write' }): Promise<Written>
  ask(request: Readonly<Record<string, unknown>> & { readonly op: 'read' }): Promise<Read>
  ask(request: Readonly<Record<string, unknown>> & { readonly op: 'session' }): Promise<Session>
  ask(request: Readonly<Record<string, unknown>> & { readonly op: 'compare' }): Promise<Compared>
  ask(request: object): Promise<unknown> {
    this.#child.stdin!.write(`${JSON.stringify(request)}\n`)
    return this.#answers.next()
  }

  stop(): void {
    this.#child.stdin!.end()
  }
}

/** The lines that a child prints, one promise each. */
class Answers {
  readonly #waiting: Array<{ resolve: (answer: unknown) => void; reject: (error: Error) => void }> = []
  #ended: Error | null = null
  #printed = ''

  constructor(child: ChildProcess) {
    createInterface({ input: child.stdout! }).on('line', (line) => this.#waiting.shift()?.resolve(JSON.parse(line)))
    child.stderr!.setEncoding('utf8').on('data', (text: string) => {
      this.#printed = (this.#printed + text).slice(-4000)
    })
    // The exit says what went wrong; a broken pipe says nothing more.
    child.stdin!.on('error', () => {})
    child.on('error', (error) => this.#end(error.message))
    child.on('close', (code) => this.#end(`exit code ${code}\n${this.#printed}`))
  }

  next(): Promise<unknown> {
    if (this.#ended !== null) return Promise.reject(this.#ended)
    return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }))
  }

  #end(why: string): void {
    this.#ended ??= new Error(`Rails ended: ${why.trim()}`)
    for (const { reject } of this.#waiting.splice(0)) reject(this.#ended)
  }
}
