import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import { rankMany } from '../../src/bulk/index.ts'
import { createRerankClient } from '../../src/index.ts'
import type { RerankRequest } from '../../src/index.ts'
import { answerTo } from '../helpers/rerank.ts'
import { collect, jobs } from './jobs.ts'
import { nebius } from './services.ts'

test.concurrent.each([
  ['1,200 a minute, full', 1200, 1200, 1500],
  ['1,200 a minute, empty', 1200, 0, 300],
  ['600 a minute, of which 30 remain', 600, 30, 150],
])(
  'the service’s own limit on a socket is used well: %s',
  async (_, limit, level, count) => {
    const started = performance.now()
    const service = nebius({ limit, periodMs: 60_000, level })(() => performance.now() - started, Math.random)
    const admitted: string[] = []
    let rateLimited = 0
    const server = createServer((incoming, response) => {
      const { status, headers } = service.take()
      void text(incoming).then((body) => {
        const request = JSON.parse(body) as RerankRequest
        if (status === 200) admitted.push(request.query)
        else rateLimited += 1
        response
          .writeHead(status, headers)
          .end(status === 200 ? JSON.stringify(answerTo(request)) : '{"detail":"slow down"}')
      })
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const outcomes = await collect(rankMany(createRerankClient({ baseUrl, apiKey: null }), jobs(count)))
    server.close()

    expect(outcomes.filter(({ error }) => error)).toEqual([])
    expect(new Set(admitted).size).toBe(count)
    expect(admitted).toHaveLength(count)
    expect(count / service.admissible()).toBeGreaterThan(0.9)
    expect(rateLimited / (rateLimited + count)).toBeLessThan(0.05)
  },
  120_000,
)
