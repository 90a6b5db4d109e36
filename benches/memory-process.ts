// Opens and seals as often as the argument says, and prints by how many megabytes the resident memory grew.
import { createRails } from '../src/rails/rails.ts'
import { corpus, SESSIONS_PER_SAMPLE } from './corpus.ts'
import { cookiesOf, FORMATS } from './formats.ts'

const sample = corpus().find(({ name }) => name === '250')!
const cookies = FORMATS.map((format) => ({
  session: createRails({ ...format.rails, backend: 'native' }).session,
  values: cookiesOf(format, sample),
}))

work(200_000)
const before = await residentMegabytes()
work(Number(process.argv[2]))
process.stdout.write(String((await residentMegabytes()) - before))

function work(rounds: number): void {
  for (let round = 0; round < rounds; round++) {
    const { session, values } = cookies[round % cookies.length]!
    const opened = session.open(values[round % SESSIONS_PER_SAMPLE])
    if (!opened.ok) throw new Error(`memory: ${opened.reason}`)
    session.seal(opened.data)
  }
}

async function residentMegabytes(): Promise<number> {
  for (let turn = 0; turn < 4; turn++) {
    globalThis.gc!()
    // oxlint-disable-next-line no-await-in-loop -- memory goes back to the system a while after it was freed
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  return process.memoryUsage.rss() / 2 ** 20
}
