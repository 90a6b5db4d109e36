// A thread that opens cookies. Told for how many milliseconds, it answers with how many cookies it opened in one.
import { parentPort, workerData } from 'node:worker_threads'
import { type FormatName, FORMATS } from '../formats.ts'
import { type Mode, userReader } from './modes.ts'
import { visits } from './traffic.ts'

const { mode, formatName } = workerData as { mode: Mode; formatName: FormatName }
const format = FORMATS.find(({ name }) => name === formatName)!
const headers = visits(format, 256).map(({ header }) => header)
const read = userReader(mode, format, headers)

parentPort!.on('message', (milliseconds: number) => {
  const start = performance.now()
  let opened = 0
  while (performance.now() - start < milliseconds) {
    for (const header of headers) read(header)
    opened += headers.length
  }
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
  parentPort!.postMessage(opened / (performance.now() - start))
})
