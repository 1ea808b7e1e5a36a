import { once } from 'node:events'
import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { folderWith, outcomesIn, sizeOf, untilTrue } from '../helpers/bulk-files.ts'
import { outcomeOf } from '../helpers/command.ts'
import type { InstalledCommand } from '../helpers/command.ts'
import { reply, serveFaults } from '../helpers/fault-server.ts'
import { startRedisServer } from '../helpers/redis-server.ts'
import type { RedisServer } from '../helpers/redis-server.ts'
import { KEY } from '../helpers/rerank.ts'
import { installQueueCommand, linkPackage } from './installed.ts'
import { serveLimited } from './limited-server.ts'

let command: InstalledCommand
beforeAll(async () => {
  command = await installQueueCommand()
})
afterAll(() => command.remove())

let redis: RedisServer
beforeEach(async () => {
  redis = await startRedisServer({ options: ['--maxmemory-policy', 'noeviction'] })
})
afterEach(() => redis.stop())

const jobs = (count: number, word = 'q') =>
  Array.from({ length: count }, (_, at) => ({
    id: at,
    query: `${word} ${at}`,
    documents: ['a', `${word} ${at}`],
  }))

/** A worker, until the test is over. */
async function work(args: readonly string[] = ['--local'], env: Readonly<Record<string, string>> = {}) {
  const child = command.start(['work', '--queue', redis.url, ...args], env)
  onTestFinished(() => void child.kill('SIGKILL'))
  const ended = outcomeOf(child)
  await once(child.stderr, 'data')
  return { child, ended }
}

function bulk(input: string, output: string, ...more: readonly string[]) {
  const child = command.start(['bulk', input, '-o', output, '--queue', redis.url, ...more])
  onTestFinished(() => void child.kill('SIGKILL'))
  return { child, ended: outcomeOf(child) }
}

const idsIn = async (output: string): Promise<unknown[]> =>
  outcomesIn(await readFile(output, 'utf8'))
    .map(({ id }) => id)
    .sort((a, b) => Number(a) - Number(b))

test('workers rank what a run puts on the queue, and end when they are told to', async () => {
  const { input, output } = await folderWith([...jobs(200), { id: 'bad', query: 5, documents: ['d'] }])
  const workers = [await work(), await work()]
  const { code, stderr } = await bulk(input, output).ended
  expect(stderr).toMatch(/201 jobs, 1 failed, [\d,]+ tokens, [\d.]+ jobs\/s\nTo try failed jobs again: .*\n$/)
  expect(code).toBe(1)
  const outcomes = outcomesIn(await readFile(output, 'utf8'))
  expect(outcomes).toHaveLength(201)
  expect(new Set(outcomes.map(({ id }) => id)).size).toBe(201)
  expect(outcomes.find(({ id }) => id === 7)?.results?.map(({ index }) => index)).toEqual([1, 0])
  workers[0]?.child.kill('SIGTERM')
  workers[1]?.child.kill('SIGINT')
  const ends = await Promise.all(workers.map(({ ended }) => ended))
  expect(ends.map(({ code }) => code)).toEqual([0, 0])
  const counts = ends.map(({ stderr }) =>
    Number(/(\d+) jobs?, [\d,]+ tokens, [\d.]+ jobs\/s\n$/.exec(stderr)?.[1]),
  )
  expect((counts[0] ?? 0) + (counts[1] ?? 0)).toBe(200)
})

describe('a run that ends in the middle', () => {
  test.each([
    ['SIGKILL', null],
    ['SIGINT', 130],
  ] as const)('by %s goes on with --resume, and has each id once', async (signal, code) => {
    await using service = await serveLimited({ perSecond: 200, capacity: 10 })
    const { input, output } = await folderWith(jobs(300))
    await work(['--base-url', service.url])
    const { child, ended } = bulk(input, output)
    await untilTrue(async () => (await sizeOf(output)) > 2000, output, child)
    child.kill(signal)
    const first = await ended
    expect(first.code).toBe(code)
    if (code) expect(first.stderr).toContain(`--queue ${redis.url} --resume`)
    const rest = await bulk(input, output, '--resume').ended
    expect(rest.code).toBe(0)
    expect(await idsIn(output)).toEqual(jobs(300).map(({ id }) => id))
    // What a run left behind on the queue is not ranked again by the next.
    expect(service.admitted.length).toBeLessThan(340)
  })

  test('leaves nothing that another run would take for its own', async () => {
    const { input, output } = await folderWith(jobs(20, 'old'))
    const { child, ended } = bulk(input, output)
    await once(child.stderr, 'data')
    child.kill('SIGINT')
    await ended
    const other = await folderWith(
      jobs(20, 'new').map((job) => ({ ...job, documents: [job.query, 'b', 'c'] })),
    )
    await work()
    expect((await bulk(other.input, other.output).ended).code).toBe(0)
    const outcomes = outcomesIn(await readFile(other.output, 'utf8'))
    expect(outcomes.map(({ results }) => results?.length)).toEqual(outcomes.map(() => 3))
  })
})

test('a second run on the same queue is refused, and told who is at it', async () => {
  const { input, output } = await folderWith(jobs(5))
  const first = bulk(input, output)
  await once(first.child.stderr, 'data')
  const { code, stderr } = await bulk(input, `${output}2`).ended
  expect(code).toBe(2)
  expect(stderr).toContain(`process ${first.child.pid} on `)
  expect(await sizeOf(`${output}2`)).toBe(-1)
})

test('a run without workers says so, and what to start', async () => {
  const { input, output } = await folderWith(jobs(5))
  const { child, ended } = bulk(input, output)
  const [said] = (await once(child.stderr, 'data')) as [Buffer]
  expect(said.toString()).toContain(
    'No worker takes jobs from this queue: start some with nebius-rerank work',
  )
  await work()
  expect((await ended).code).toBe(0)
})

test('a worker whose key is not accepted ends, and fails no job', async () => {
  const service = await serveFaults(() => reply(401, '{"detail":"no"}'))
  const { input, output } = await folderWith(jobs(30))
  const wrong = await work(['--base-url', service.url], { NEBIUS_API_KEY: KEY })
  const run = bulk(input, output)
  const { code, stderr } = await wrong.ended
  expect(code).toBe(2)
  expect(stderr).toMatch(/401.*The jobs went back to the queue\n$/)
  expect(stderr).not.toContain(KEY)
  await work()
  expect((await run.ended).code).toBe(0)
  expect(await idsIn(output)).toHaveLength(30)
})

test('runs share a limit by --shared-limit alone', async () => {
  await using service = await serveLimited({ perSecond: 100, capacity: 20 })
  const started = performance.now()
  const runs = await Promise.all(
    [1, 2].map(async () => {
      const { input, output } = await folderWith(jobs(100))
      const limit = ['--shared-limit', redis.url, '--requests-per-minute', '6000']
      return command.run(['bulk', input, '-o', output, '--base-url', service.url, ...limit])
    }),
  )
  expect(runs.map(({ code }) => code)).toEqual([0, 0])
  expect(service.refused).toBeLessThan(10)
  expect(performance.now() - started).toBeGreaterThan(1800)
})

describe('a call that can’t be', () => {
  test.each([
    [['work'], 'work needs --queue URL'],
    [['work', 'file', '--queue', 'redis://localhost'], 'work takes options only'],
    [
      ['work', '--local', '--queue', 'localhost:6379'],
      '--queue must be a URL such as redis://localhost:6379',
    ],
    [['work', '--local', '--queue', 'redis://u:secret@localhost/x'], 'got "redis://u:***@localhost/x"'],
    [
      ['work', '--local', '--queue', 'redis://u:my@secret/x:y@localhost/1'],
      'got "redis://u:***@localhost/1"',
    ],
    [['work', '--local', '--queue', 'u:secret@localhost:6379'], 'got "u:***@localhost:6379"'],
    [
      ['work', '--local', '--queue', 'redis://:secret@127.0.0.1:1'],
      "Can't use redis://127.0.0.1:1 (--queue): connection refused",
    ],
    [
      ['bulk', 'IN', '-o', 'OUT', '--queue', 'redis://127.0.0.1:1', '--local'],
      'pass --local to nebius-rerank work',
    ],
    [
      ['bulk', 'IN', '-o', 'OUT', '--queue', 'redis://127.0.0.1:1', '--shared-limit', 'redis://b'],
      'pass --shared-limit to',
    ],
  ])('exits with 2 and one line: %j', async (args, message) => {
    await command.write('IN', '{"query":"q","documents":["d"]}\n')
    const { code, stderr } = await command.run(args)
    expect(code).toBe(2)
    expect(stderr).toContain(message)
    expect(stderr.trimEnd().split('\n')).toHaveLength(1)
    expect(stderr).not.toContain('secret')
  })

  test('for the want of a password says so', async () => {
    const closed = await startRedisServer({ options: ['--requirepass', 'secret'] })
    onTestFinished(() => closed.stop())
    const { code, stderr } = await command.run(['work', '--local', '--queue', closed.url])
    const message = `Can't use ${closed.url} (--queue): it needs a password, as in redis://:PASSWORD@HOST`
    expect({ code, stderr }).toEqual({ code: 2, stderr: `nebius-rerank: ${message}\n` })
  })

  test.each([
    ['--queue', 'bullmq', '--queue needs bullmq and ioredis: npm install bullmq ioredis'],
    ['--shared-limit', 'ioredis', '--shared-limit needs ioredis: npm install ioredis'],
  ])('for the want of a package says what to install: %s', async (flag, name, message) => {
    const place = join(command.dir, 'node_modules', name)
    await rm(place)
    onTestFinished(() => linkPackage(command, name))
    await command.write('IN', '{"query":"q","documents":["d"]}\n')
    const local = flag === '--queue' ? [] : ['--local']
    const { code, stderr } = await command.run(['bulk', 'IN', '-o', 'OUT', flag, redis.url, ...local])
    expect({ code, stderr }).toEqual({ code: 2, stderr: `nebius-rerank: ${message}\n` })
  })

  test('for a database that is not there says so', async () => {
    const { code, stderr } = await command.run(['work', '--local', '--queue', `${redis.url}/99`])
    expect(code).toBe(2)
    expect(stderr).toContain('DB index is out of range')
  })
})
