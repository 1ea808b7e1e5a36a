import { once } from 'node:events'
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { outcomeOf } from '../helpers/command.ts'
import type { InstalledCommand } from '../helpers/command.ts'
import { startRedisServer } from '../helpers/redis-server.ts'
import { serveLimited } from './limited-server.ts'

/** A run of `bulk --queue` with four workers. */
export interface FaultyRun {
  jobs: number
  /** The limit of the service, which the workers are told. */
  perSecond: number
  /** Kills a worker, the collector and Redis, which has an append-only file, while it runs. */
  hasFaults: boolean
}

/** What came of it. */
export interface FaultyRunEnd {
  code: number | null
  stderr: string
  seconds: number
  /** The ids of the outcomes, and how many are errors. */
  ids: number[]
  failed: number
  /** The queries that the service ranked. */
  admitted: readonly string[]
}

/** Ranks a file on a queue of its own Redis. */
export async function rankOnQueue(
  command: InstalledCommand,
  { jobs, perSecond, hasFaults }: FaultyRun,
): Promise<FaultyRunEnd> {
  const dir = await mkdtemp(join(tmpdir(), 'nebius-rerank-faults-'))
  const [input, output] = [join(dir, 'IN.jsonl'), join(dir, 'OUT.jsonl')]
  const lines = Array.from({ length: jobs }, (_, id) =>
    JSON.stringify({ id, query: `q${id}`, documents: ['a', `q${id}`] }),
  )
  await writeFile(input, lines.join('\n'))
  const options = ['--appendonly', 'yes', '--dir', dir]
  let redis = await startRedisServer({ options })
  await using service = await serveLimited({ perSecond, capacity: 20 })
  const children: ReturnType<typeof command.start>[] = []
  const start = (...args: readonly string[]) => {
    const child = command.start([...args, '--queue', redis.url])
    children.push(child)
    return child
  }
  /** Resolves when that share of the outcomes is there; one has some 100 bytes. */
  const until = async (share: number): Promise<void> => {
    const size = () =>
      stat(output).then(
        (stats) => stats.size,
        () => 0,
      )
    while ((await size()) < share * jobs * 100) await sleep(20)
  }
  try {
    const limit = ['--base-url', service.url, '--requests-per-minute', String(perSecond * 60)]
    const workers = Array.from({ length: 4 }, () => start('work', ...limit))
    for (const { stderr } of workers) await once(stderr, 'data')
    for (const { stderr } of workers) stderr.resume()
    const started = performance.now()
    let collector = start('bulk', input, '-o', output)
    if (hasFaults) {
      await until(0.15)
      workers[0]?.kill('SIGKILL')
      await until(0.3)
      collector.kill('SIGKILL')
      await once(collector, 'exit')
      collector = start('bulk', input, '-o', output, '--resume')
    }
    const ended = outcomeOf(collector)
    if (hasFaults) {
      await until(0.5)
      await redis.stop()
      redis = await startRedisServer({ port: redis.port, options })
    }
    const { code, stderr } = await ended
    const seconds = (performance.now() - started) / 1000
    const outcomes = (await readFile(output, 'utf8'))
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { id: number })
    return {
      code,
      stderr,
      seconds,
      ids: outcomes.map(({ id }) => id).sort((a, b) => a - b),
      failed: outcomes.filter((outcome) => 'error' in outcome).length,
      admitted: service.admitted,
    }
  } finally {
    for (const child of children) child.kill('SIGKILL')
    await redis.stop()
    await rm(dir, { recursive: true, force: true })
  }
}
