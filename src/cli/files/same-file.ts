import type { BigIntStats } from 'node:fs'
import { UsageError } from '../terminal.ts'

/** A file or a stream by its name, with the system's facts where there are any. */
export interface Named {
  name: string
  stats: BigIntStats | undefined
  /** Where a file will be that is not there yet, links followed. */
  path?: string | undefined
}

/** Refuses to write into a file that is also one of others, whatever it is called. @throws UsageError */
export function refuseSameFile(written: Named, others: readonly (Named | undefined)[]): void {
  const other = others.find((each) => each && isSameFile(written, each))
  if (other) {
    throw new UsageError(`${written.name} and ${other.name} are the same file: name different files`)
  }
}

function isSameFile({ stats: one, path }: Named, { stats: other, path: otherPath }: Named): boolean {
  if (!one && !other) return path !== undefined && path === otherPath
  return one?.isFile() === true && one.dev === other?.dev && one.ino === other.ino
}
