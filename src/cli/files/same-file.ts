import type { BigIntStats } from 'node:fs'
import { UsageError } from '../terminal.ts'

/** A file or a stream with its name, and the system's facts about it, if there are any. */
export interface Named {
  name: string
  stats: BigIntStats | undefined
  /** Where a file will be that is not there yet, links followed. */
  path?: string | undefined
}

/** Checks that an output is not the same file as another one, under any name. @throws UsageError */
export function refuseSameFile(written: Named, others: readonly (Named | undefined)[]): void {
  const other = others.find((each) => each && isSameFile(written, each))
  if (other) {
    const is = written.name === other.name ? 'is used twice' : `and ${other.name} are the same file`
    throw new UsageError(`${written.name} ${is}: name different files`)
  }
}

function isSameFile({ stats: one, path }: Named, { stats: other, path: otherPath }: Named): boolean {
  if (!one && !other) return path !== undefined && path === otherPath
  return one?.isFile() === true && one.dev === other?.dev && one.ino === other.ino
}
