import { randomBytes } from 'node:crypto'
import { within } from '../../shared/within.ts'
import { isAlive, thisProcess } from '../bulk/process-identity.ts'
import type { ProcessIdentity } from '../bulk/process-identity.ts'
import { UsageError } from '../terminal.ts'
import type { Connection, Surroundings } from './connect.ts'

/** The right to collect what comes from a queue. */
export interface CollectorLock {
  /** Aborts where another run has it. */
  readonly lost: AbortSignal
  release(): Promise<void>
}

const KEY = 'nebius-rerank:collector'
const LASTS_MS = 10_000
const RENEWED_MS = 2000
const LOOK_MS = 500

/** Takes the lock unless another has it. Result: the other's content, and for how long it lasts. */
const TAKE = `
local other = redis.call('GET', KEYS[1])
if other and other ~= ARGV[1] and other ~= ARGV[3] then return { other, redis.call('PTTL', KEYS[1]) } end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return {}
`
const RELEASE = `if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end return 1`

/** Makes this run the one that collects. @throws UsageError if another is */
export async function lockQueue(
  connection: Connection,
  { say, signal }: Surroundings,
): Promise<CollectorLock> {
  const content = JSON.stringify({ ...(await thisProcess()), token: randomBytes(8).toString('hex') })
  const take = async (dead = ''): Promise<[] | [other: string, lastsMs: number]> =>
    (await connection.eval(TAKE, 1, KEY, content, String(LASTS_MS), dead)) as [] | [string, number]
  let before = 0
  for (let [other, lastsMs] = await take(); other !== undefined; [other, lastsMs] = await take()) {
    const owner = JSON.parse(other) as ProcessIdentity
    const name = `process ${owner.pid} on ${owner.host}`
    const alive = await isAlive(owner)
    if (alive === false && (await take(other)).length === 0) break
    // It was renewed since the last look.
    if (alive === true || (before > 0 && Number(lastsMs) > before)) {
      throw new UsageError(
        `${name} is collecting from this queue: wait until it ends, or name another database, such as redis://localhost:6379/1`,
      )
    }
    if (before === 0)
      say(`${name} was collecting from this queue: checking for ${LASTS_MS / 1000} s whether it still runs`)
    before = Number(lastsMs)
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS))
    signal.throwIfAborted()
  }
  const lost = new AbortController()
  const renew = async (): Promise<void> => {
    const [other] = await take()
    if (other !== undefined)
      lost.abort(
        new UsageError('Another run collects from this queue now. Continue with --resume when it has ended'),
      )
  }
  // While Redis is unreachable, no other process can take the lock.
  const timer = setInterval(() => void renew().catch(() => undefined), RENEWED_MS)
  timer.unref()
  return {
    lost: lost.signal,
    async release() {
      clearInterval(timer)
      await within(connection.eval(RELEASE, 1, KEY, content), 1000, 'Redis').catch(() => undefined)
    },
  }
}
