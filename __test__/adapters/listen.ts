import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Running } from './contract.ts'

/** A {@link Running} application on `node:http`. */
export interface Listening extends Running {
  readonly server: Server
}

/** Listens on a free port of this machine. `errors` are what the application's handling of errors has seen. */
export async function listen(listener: RequestListener | Server, errors: readonly unknown[]): Promise<Listening> {
  const server = typeof listener === 'function' ? createServer(listener) : listener
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    errors,
    server,
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
