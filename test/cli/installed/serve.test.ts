import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createRerankClient } from '../../../src/index.ts'
import { installCommand } from '../../helpers/command.ts'
import type { InstalledCommand } from '../../helpers/command.ts'
import { REQUEST } from '../../helpers/rerank.ts'
import { endedByOne, endedByTwo, serve } from '../../helpers/serving.ts'

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
})

describe('a signal', () => {
  test.each(['SIGINT', 'SIGTERM'] as const)(
    '%s ends its process with 0 when what is under way is answered',
    async (signal) => {
      expect(await endedByOne(await serve(command), signal, BODY)).toEqual([200, 0, null])
    },
  )

  test('sent twice ends its process at once', async () => {
    expect(await endedByTwo(await serve(command))).toEqual([0, null])
  })
})
