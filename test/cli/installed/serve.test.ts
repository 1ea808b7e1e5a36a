import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createRerankClient } from '../../../src/index.ts'
import { serveLocalReranker } from '../../../src/local/index.ts'
import { installCommand } from '../../helpers/command.ts'
import type { InstalledCommand } from '../../helpers/command.ts'
import { REQUEST } from '../../helpers/rerank.ts'
import { begin, serve } from '../../helpers/serving.ts'

const BODY = JSON.stringify({ ...REQUEST, model: 'Qwen/Qwen3-Reranker-8B' })

let command: InstalledCommand
beforeAll(async () => {
  command = await installCommand()
})
afterAll(() => command.remove())

describe('the command as it is installed', () => {
  test('ranks on loopback, and says where it is and nothing else', async () => {
    const { url, said } = await serve(command)
    expect(said()).toBe(`Ranking by words on this machine: ${url}/v1/rerank\nTo try it: ${url}/\n`)
    const client = createRerankClient({ baseUrl: url, apiKey: 'any' })
    expect((await client.rerank(REQUEST)).results).toHaveLength(2)
  })

  test('has all the files that its page names', async () => {
    const { url } = await serve(command)
    const html = await (await fetch(url)).text()
    const names = [...html.matchAll(/(?:src|href)="(\/[^"]+)"/g)].map(([, name = '']) => name)
    expect(names.length).toBeGreaterThanOrEqual(3)
    for (const name of names) expect((await fetch(url + name)).status).toBe(200)
  })

  test('exits with 1 for a port that is in use', async () => {
    const taken = await serveLocalReranker()
    const { code, stderr } = await command.run(['serve', '--port', `${taken.port}`])
    await taken.close()
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: `nebius-rerank: Can't listen on 127.0.0.1:${taken.port}: the port is in use\n`,
    })
  })
})

describe('a signal', () => {
  test.each(['SIGINT', 'SIGTERM'] as const)(
    '%s ends its process with 0 when what is under way is answered',
    async (signal) => {
      const { url, running, untilSaid } = await serve(command)
      const outgoing = await begin(url)
      running.kill(signal)
      await untilSaid(signal)
      const ended = once(running, 'exit')
      const [response] = (await once(outgoing.end(BODY), 'response')) as [IncomingMessage]
      response.resume()
      expect(response.statusCode).toBe(200)
      expect(await ended).toEqual([0, null])
    },
  )

  test('sent twice ends its process at once', async () => {
    const { url, running, untilSaid } = await serve(command)
    const outgoing = await begin(url)
    const broken = once(outgoing, 'error')
    running.kill('SIGINT')
    await untilSaid('SIGINT')
    const ended = once(running, 'exit')
    running.kill('SIGINT')
    await broken
    expect(await ended).toEqual([0, null])
  })
})
