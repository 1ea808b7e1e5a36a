import { within } from '../shared/within.ts'

/** A connection to Redis or Valkey: ioredis (a Cluster, too), node-redis, or an object with such an `eval`. */
export type RedisConnection = IoRedis | NodeRedis | { eval: Evaluate }

/** Runs a Lua script. */
export type Evaluate = (script: string, keys: string[], args: string[]) => Promise<unknown>

/** The part of an ioredis connection that is used. */
export interface IoRedis {
  /** Runs a script. */
  eval(script: string, numberOfKeys: number, ...keysAndArgs: string[]): Promise<unknown>
  /** A method that node-redis does not have. */
  defineCommand: (...args: never[]) => unknown
}

/** The part of a node-redis client that is used. */
export interface NodeRedis {
  /** Runs a script. */
  eval(script: string, options: { keys: string[]; arguments: string[] }): Promise<unknown>
  /** A method that the others do not have. */
  sendCommand: (...args: never[]) => unknown
}

/** The longest wait for Redis before it is taken to be away. */
const TIMEOUT_MS = 500

/**
 * Runs a script by a connection of any kind, and returns its numbers.
 *
 * @throws where Redis is away, and where something other than a list comes back
 */
export async function evaluate(
  redis: RedisConnection,
  script: string,
  key: string,
  args: readonly unknown[],
): Promise<number[]> {
  const keys = [key]
  const json = JSON.stringify(args)
  const response =
    'defineCommand' in redis
      ? redis.eval(script, 1, key, json)
      : 'sendCommand' in redis
        ? redis.eval(script, { keys, arguments: [json] })
        : redis.eval(script, keys, [json])
  const text = String(await within(response, TIMEOUT_MS, 'Redis'))
  // Anything other than a list lacks `map`.
  return (JSON.parse(text) as unknown[]).map(Number)
}
