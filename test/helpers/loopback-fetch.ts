import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'
import type { Fetch } from '../../src/index.ts'
import { createNodeFetch } from '../../src/node/index.ts'
import type { Step } from './rerank.ts'

/** A fetch over node:http to a server on loopback that plays a step; where the step throws, the connection breaks. */
export function overLoopback(step: Step): Fetch {
  return async (url, init) => {
    const server = createServer((_, outgoing) => {
      const play = async (): Promise<void> => {
        const { status, headers, text } = await step(init).then((response) => ({
          status: response.status,
          headers: Object.fromEntries(response.headers),
          text: () => response.text(),
        }))
        outgoing.writeHead(status, headers).flushHeaders()
        outgoing.end(await text())
      }
      play().catch(() => outgoing.destroy())
    }).listen(0, '127.0.0.1')
    onTestFinished(() => {
      server.closeAllConnections()
      server.close()
    })
    await once(server, 'listening')
    const { pathname, search } = new URL(url)
    return createNodeFetch()(
      `http://127.0.0.1:${(server.address() as AddressInfo).port}${pathname}${search}`,
      init,
    )
  }
}
