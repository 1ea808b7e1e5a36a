import { within } from '../shared/within.ts'

/** A connection to Redis or Valkey: ioredis (also a Cluster), node-redis, or an object with a method {@link Evaluate}. */
export type RedisConnection = IoRedis | NodeRedis | { eval: Evaluate }

/** Runs a Lua script with keys and arguments. */
export type Evaluate = (script: string, keys: string[], args: string[]) => Promise<unknown>

/** The part of an ioredis connection that is used. */
export interface IoRedis {
  /** Runs a script. */
  eval(script: string, numberOfKeys: number, ...keysAndArgs: string[]): Promise<unknown>
  /** A method that identifies ioredis. */
  defineCommand: (...args: never[]) => unknown
}

/** The part of a node-redis client that is used. */
export interface NodeRedis {
  /** Runs a script. */
  eval(script: string, options: { keys: string[]; arguments: string[] }): Promise<unknown>
  /** A method that identifies node-redis. */
  sendCommand: (...args: never[]) => unknown
}

/** The longest wait for a response of Redis. After that, Redis counts as unreachable. */
const TIMEOUT_MS = 500

/**
 * Runs a script with any kind of connection, and returns a list of numbers.
 *
 * @throws Error if Redis is unreachable, or returns something other than a list
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
