import { createHash } from 'node:crypto'
import { UsageError } from '../terminal.ts'

/** One of several parts into which the jobs of a file are divided, each for another machine. */
export interface Shard {
  /** From 1. */
  place: number
  of: number
}

/** The shard that a flag names, such as `2/5`. @throws UsageError */
export function shardFlag(text: string | undefined): Shard | undefined {
  if (text === undefined) return undefined
  const [place = NaN, of = NaN] = /^\d{1,6}\/\d{1,6}$/.test(text) ? text.split('/').map(Number) : []
  if (place >= 1 && place <= of) return { place, of }
  throw new UsageError(
    `--shard must be a part and the number of parts, such as 2/5, got ${JSON.stringify(text)}`,
  )
}

/** True if a job belongs to a shard. This depends on a hash of its key, which is the same on all machines. */
export function isInShard(key: string, { place, of }: Shard): boolean {
  return createHash('sha256').update(key).digest().readUInt32BE() % of === place - 1
}
