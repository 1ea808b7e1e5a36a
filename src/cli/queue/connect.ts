import type { IoRedis } from '../../redis/index.ts'
import { unlessAborted, within } from '../../shared/within.ts'
import { systemReason } from '../system-reason.ts'
import { UsageError } from '../terminal.ts'
import { load } from './packages.ts'
import type { FlagOfRedis } from './packages.ts'

/** A connection to Redis. */
export interface Connection extends IoRedis {
  connect(): Promise<void>
  disconnect(): void
  ping(): Promise<unknown>
  on(event: 'error', listener: (reason: unknown) => void): unknown
  on(event: 'ready', listener: () => void): unknown
}

type NewConnection = new (url: string, options: object) => Connection

/** The parts of a call that a connection needs. */
export interface Surroundings {
  /** Prints a message about the connection. */
  say: (message: string) => void
  signal: AbortSignal
}

/** The wait before another try to connect, in milliseconds: by default it grows to many seconds. */
const RETRY_MS = 500

/** The longest wait for a Redis that does not respond, in milliseconds. */
const PATIENCE_MS = 10_000

/**
 * Connects to the Redis that a flag names. Where it goes away later, the connection comes back by itself.
 *
 * @throws UsageError if there is none
 */
export async function connectTo(
  flag: FlagOfRedis,
  url: string,
  { say, signal }: Surroundings,
): Promise<Connection> {
  const name = checkedName(flag, url)
  const { Redis } = await load<{ Redis: NewConnection }>('ioredis', flag)
  const connection = new Redis(url, {
    lazyConnect: true,
    maxRetriesPerRequest: null,
    retryStrategy: () => RETRY_MS,
    // Where there never was a connection, it would wait for the end of one, by default for two seconds.
    disconnectTimeout: 100,
  })
  let isAway = false
  let last: unknown
  connection.on('error', (reason) => {
    last = reason
    // An error of each try would be too many.
    if (isConnected && !isAway) say(`${name} cannot be reached (${systemReason(reason)}): trying again`)
    isAway = true
  })
  connection.on('ready', () => (isAway = false))
  let isConnected = false
  try {
    await unlessAborted(within(connection.connect(), PATIENCE_MS, 'it'), signal)
    // The connection was there, but not the right to use it, or not the database that is named.
    await unlessAborted(within(connection.ping(), PATIENCE_MS, 'it'), signal)
    if (last !== undefined) throw last as Error
  } catch (error) {
    connection.disconnect()
    signal.throwIfAborted()
    const reason = systemReason(last ?? error)
    const why = reason.startsWith('NOAUTH') ? 'it needs a password, as in redis://:PASSWORD@HOST' : reason
    throw new UsageError(`Can't use ${name} (--${flag}): ${why}`, { cause: error })
  }
  isConnected = true
  return connection
}

/** Checks a URL, and returns it without a password. @throws UsageError */
function checkedName(flag: FlagOfRedis, url: string): string {
  const parsed = URL.canParse(url) ? new URL(url) : undefined
  if (
    parsed &&
    /^rediss?:$/.test(parsed.protocol) &&
    parsed.host !== '' &&
    /^\/?\d*$/.test(parsed.pathname)
  ) {
    return `${parsed.protocol}//${parsed.host}${parsed.pathname}`
  }
  throw new UsageError(
    `--${flag} must be a URL such as redis://localhost:6379, or redis://localhost:6379/1 for a database, got ${JSON.stringify(withoutPassword(url))}`,
  )
}

/** A word of the command line without the password that it may hold. */
export function withoutPassword(word: string): string {
  // A password may have an @, a colon or a slash in it.
  const start = word.search(/:(?!\/\/)/) + 1
  const end = word.lastIndexOf('@')
  return start > 0 && start <= end ? `${word.slice(0, start)}***${word.slice(end)}` : word
}
