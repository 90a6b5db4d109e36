// A small server that shares the session of a Rails 7.1 application. It sends itself three requests and ends;
// with `--serve` it keeps serving.
import { createServer } from 'node:http'
import { createRails } from 'rails-session'

const rails = createRails({
  secretKeyBase:
    '6161dbbfd8294ff97b490c5077ff2b8fdb7f030c0fc15f8c14affa5e1790e1f37dc5ee6d8fbdcaeea69f2e1ecb7f67f7cd21aa7576a4298f9fdbf0526e6e71da',
  loadDefaults: '7.1',
  session: { key: '_my-app_session' },
})

// Written by Rails 7.1.6 with the secret above and its default settings.
const cookieFromRails =
  'bko2hqWb%2FnAhN649G%2BqAfPdEZjEyhZC1tyNxTG4IZPnWfB6rn87mu%2FbLMm4jDRySZYZKcU%2BXevqKRCPBJNIGwtGze7lMHCGTP%2BY3xOC03neHErwXdSajPYemU6n0%2FwBk8EZgxfh299emKAQspNCIciJOaKOxXi3zamCHhxFdyJ5H6zwTPMVeryE%2F7jETbHthaHoYMRx3gNcLCSgpso%2FXHxfUtVKApFB3lHGl6UMgyed%2BrEo29dgHbCnPBtfpR6HrmgQq50olxzxzkr%2BqeFQhd31%2BRlYGbmzspywyldJ3GywMwIAsE9R4J2voV44OfYW9OTYR97x0fHBtPwQbH%2BUu2NdP6nLzkh0k0jG%2BFff029T2s0RdUXDWKmZ9rHk1wphqXZdGxAks3K0R6rvRT4FK--7jR5oOun%2F4KeKIqu--wekyPIg806azb52GyPUeLw%3D%3D'

const server = createServer((request, response) => {
  const opened = rails.session.openHeader(request.headers.cookie)
  response.setHeader('content-type', 'application/json')
  if (!opened.ok) {
    response.writeHead(401).end(JSON.stringify({ refused: opened.reason }))
    return
  }
  if (request.url === '/visit') {
    const line = rails.session.setCookie(
      { ...opened.data, visits: Number(opened.data.visits ?? 0) + 1 },
      { https: false, host: request.headers.host },
    )
    if (line !== null) response.appendHeader('set-cookie', line)
  }
  response.end(JSON.stringify(opened.data))
})

server.listen(0, '127.0.0.1', async () => {
  const address = `http://127.0.0.1:${server.address().port}`
  const cookie = `_my-app_session=${cookieFromRails}`
  console.log(`backend: ${rails.backend}`)
  if (process.argv.includes('--serve')) {
    console.log(`serving ${address}; try: curl --cookie '${cookie}' ${address}/visit --include`)
    return
  }

  console.log('\n1. a request with the session cookie that Rails 7.1 wrote')
  const read = await fetch(address, { headers: { cookie } })
  console.log(`   ${read.status}`, await read.json())

  console.log('\n2. the same cookie with one character changed')
  const tampered = cookie.replace('bko2', 'bko3')
  const refused = await fetch(address, { headers: { cookie: tampered } })
  console.log(`   ${refused.status}`, await refused.json())

  console.log('\n3. a request whose handler changes the session')
  const changed = await fetch(`${address}/visit`, { headers: { cookie } })
  const [line] = changed.headers.getSetCookie()
  console.log(`   set-cookie: ${line}`)
  console.log('   which holds', rails.session.open(line.split(';')[0].split('=')[1]).data)

  server.close()
  server.closeAllConnections()
})
