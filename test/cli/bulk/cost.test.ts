import { access, readFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { folderWith, GOOD, outcomesIn } from '../../helpers/bulk-files.ts'
import type { Command } from '../../helpers/command.ts'
import { reply, serveFaults } from '../../helpers/fault-server.ts'
import type { Fault } from '../../helpers/fault-server.ts'
import { loadCommand } from '../../helpers/loaded-command.ts'
import { KEY } from '../../helpers/rerank.ts'

let command: Command
beforeAll(async () => {
  command = await loadCommand()
})
afterAll(() => command.remove())

const env = { NEBIUS_API_KEY: KEY }

/** The models of a service, by price for a token. */
const models = (prompt: string): Fault =>
  reply(200, JSON.stringify({ data: [{ id: 'Qwen/Qwen3-Reranker-8B', pricing: { prompt } }] }))

/** Counts so many tokens for each request. */
const counting =
  (tokens: number): Fault =>
  (response, request) => {
    const { documents } = JSON.parse(request.body) as { documents: string[] }
    const results = documents.map((text, index) => ({ index, relevance_score: 0.5, document: { text } }))
    const usage = { prompt_tokens: tokens, total_tokens: tokens }
    return reply(200, JSON.stringify({ id: 'x', model: 'm', results, usage }))(response, request)
  }

describe('--dry-run', () => {
  test('counts jobs, documents, pairs and tokens, and sends nothing to be ranked', async () => {
    const service = await serveFaults(() => models('0.00000005'))
    const job = { id: 1, query: 'abcd', documents: ['abcd', 'abcd', ' ', 'abcdefgh'] }
    const { input, output } = await folderWith([job, { ...job, id: 2 }, 'broken'])
    const args = ['bulk', '--dry-run', '--base-url', service.url, input, '-o', output]
    const { code, stdout, stderr } = await command.run(args, { env })
    expect(code).toBe(0)
    expect(stdout.split('\n').map((line) => line.split(/ {2,}/).slice(0, 2))).toEqual([
      ['jobs', '2'],
      ['documents', '8'],
      ['pairs', '4'],
      ['tokens', 'about 10'],
      ['time', 'about 2 s'],
      ['cost', '0.0000005'],
      [''],
    ])
    expect(stdout).toContain('at 0.05 per million tokens, in US dollars, from the service’s list')
    expect(stdout).toMatch(/ an estimate, usually too high, by \d+% on the sample collection\n/)
    expect(stdout).toContain('at 60 requests and 400,000 tokens a minute, the service’s base limits')
    expect(stderr).toBe('Invalid lines, which would become errors: 1\n')
    expect(service.received.map(({ target }) => target)).toEqual(['/v1/models?verbose=true'])
    await expect(access(output)).rejects.toThrow()
  })

  test.each([
    ['lists no such model', reply(200, '{"data":[]}')],
    ['states no price', models('')],
    ['states a price of another unit', models('50')],
    ['answers something else', reply(200, 'no')],
    ['refuses', reply(401, '{}')],
  ])('leaves the price unknown where the service %s', async (_, fault) => {
    const service = await serveFaults(() => fault)
    const { input } = await folderWith(GOOD)
    const { stdout } = await command.run(['bulk', '--dry-run', '--base-url', service.url, input], { env })
    expect(stdout).toMatch(/\ncost +unknown +.*--price PER_MILLION\n$/)
  })

  test('takes a price and limits as they are given, and asks nobody', async () => {
    const service = await serveFaults([])
    const { input } = await folderWith(GOOD)
    const args = ['--price', '1000000', '--requests-per-minute', '1']
    const { stdout } = await command.run(['bulk', '--dry-run', '--base-url', service.url, input, ...args], {
      env,
    })
    expect(stdout).toMatch(
      /\ntime +about 2 min +at 1 request a minute, as given\ncost +\d+\.00 +at 1000000 per million tokens, in the price’s currency, from --price\n/,
    )
    expect(service.received).toEqual([])
  })

  test('needs no key, and says how to learn of the price', async () => {
    const service = await serveFaults(() => reply(401, '{}'))
    const { input } = await folderWith(GOOD)
    const { code, stdout } = await command.run(['bulk', '--dry-run', '--base-url', service.url, input])
    expect(code).toBe(0)
    expect(stdout).toMatch(
      /\ncost +unknown +the service shows prices only with a key: set NEBIUS_API_KEY, or give --price PER_MILLION\n$/,
    )
  })

  test('costs nothing with --local', async () => {
    const { input } = await folderWith(GOOD)
    const { code, stdout } = await command.run(['bulk', '--dry-run', '--local', input])
    expect([code, stdout]).toEqual([0, expect.stringMatching(/\ntime +not limited .*\ncost +none /)])
  })
})

describe('--max-tokens', () => {
  const jobs = Array.from({ length: 8 }, (_, id) => ({ id, query: 'abcd', documents: ['abcd'] }))

  test('ends a run before it passes the budget, and --resume goes on', async () => {
    const service = await serveFaults(() => counting(100))
    const { input, output } = await folderWith(jobs)
    const args = ['bulk', '--base-url', service.url, input, '-o', output, '--max-tokens', '350']
    const first = await command.run(args, { env })
    expect(first.code).toBe(2)
    expect(first.stderr).toContain(
      '300 tokens are used, and the next request needs about 100, which exceeds the budget of 350 tokens. Continue with --resume',
    )
    expect(outcomesIn(await readFile(output, 'utf8'))).toHaveLength(3)
    const second = await command.run([...args.slice(0, -1), '100000', '--resume'], { env })
    expect(second.code).toBe(0)
    const ids = outcomesIn(await readFile(output, 'utf8')).map(({ id }) => id)
    expect(ids.sort()).toEqual(jobs.map(({ id }) => id))
    expect(service.received).toHaveLength(8)
  })

  test('ends a run whose jobs fail as soon as the next does not fit', async () => {
    const service = await serveFaults([
      reply(400, '{"detail":"no"}'),
      counting(100),
      counting(100),
      counting(100),
    ])
    const { input, output } = await folderWith(jobs)
    const args = ['bulk', '--base-url', service.url, input, '-o', output, '--max-tokens', '250']
    expect((await command.run(args, { env })).code).toBe(2)
    const outcomes = outcomesIn(await readFile(output, 'utf8'))
    expect(outcomes.map(({ error }) => error?.status)).toEqual([400, undefined, undefined])
  })

  test.each(['0', '1.5', 'x'])('%s is no number of them', async (tokens) => {
    const { input, output } = await folderWith(jobs)
    const { code } = await command.run(['bulk', '--local', input, '-o', output, '--max-tokens', tokens])
    expect(code).toBe(2)
  })
})
