import crossFetch from 'cross-fetch'
import nodeFetch2 from 'node-fetch2'
import nodeFetch3 from 'node-fetch3'
import { ProxyAgent, fetch as undiciFetch } from 'undici'
import { describe, expect, test } from 'vitest'
import { createRerankClient } from '../../../src/index.ts'
import type { Fetch } from '../../../src/index.ts'
import { bodies } from '../../faults/suite/body.ts'
import { connections } from '../../faults/suite/connection.ts'
import { manyCalls } from '../../faults/suite/many.ts'
import { timeLimits } from '../../faults/suite/time.ts'
import { serveFaults } from '../../helpers/fault-server.ts'
import { serveProxy } from '../../helpers/proxy-server.ts'
import { answerTo, KEY, REQUEST } from '../../helpers/rerank.ts'

/** Those of version 2 never tell of a body that breaks off; the client's time limits end it. */
const FETCHES: [name: string, fetch: Fetch, tellsOfBrokenBodies: boolean][] = [
  ['node-fetch 2', nodeFetch2 as Fetch, false],
  ['cross-fetch', crossFetch, false],
  ['node-fetch 3', nodeFetch3, true],
  ['undici', undiciFetch, true],
]

describe.each(FETCHES)('over %s', (_name, fetch, tellsOfBrokenBodies) => {
  bodies({ fetch })
  timeLimits({ fetch })
  if (tellsOfBrokenBodies) {
    connections({ fetch })
    manyCalls({ fetch })
  }
})

test('over undici, through a proxy', async () => {
  const [proxy, { url }] = await Promise.all([serveProxy(), serveFaults([])])
  const dispatcher = new ProxyAgent(proxy.url)
  const client = createRerankClient({
    apiKey: KEY,
    baseUrl: url,
    fetch: (url, init) => undiciFetch(url, { ...init, dispatcher }),
  })
  expect((await client.rerank(REQUEST)).results).toEqual(answerTo(REQUEST).results)
  expect(proxy.asked).toEqual([`CONNECT ${new URL(url).host}`])
  await dispatcher.close()
})
