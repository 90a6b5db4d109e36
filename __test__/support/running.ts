import { afterAll } from 'vitest'

/** A program that listens. */
export interface Running {
  /** Its address, as `http://127.0.0.1:port`. */
  readonly url: string
  stop(): void
}

/** For the top of a file of tests. What is handed to the function that it returns is stopped after all of them. */
export function stoppedAtTheEnd(): (started: Promise<Running>) => Promise<Running> {
  const all: Running[] = []
  afterAll(() => {
    for (const each of all) each.stop()
  })
  return async (started) => {
    const running = await started
    all.push(running)
    return running
  }
}
