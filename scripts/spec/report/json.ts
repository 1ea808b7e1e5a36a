import type { Drift } from '../drift.ts'
import { escapeInvisible } from '../lib/invisible.ts'
import { advice } from './advice.ts'
import { sentence } from './sentences.ts'

/** For machines: the verdict, and each change with its place, a sentence, and what to do. */
export function inJson({ changes, ...verdict }: Drift): string {
  const told = changes.map((change) => ({
    class: change.class,
    source: change.source,
    kind: change.kind,
    path: change.path,
    text: sentence(change),
    pointer: change.pointer,
    advice: advice(change),
  }))
  return escapeInvisible(JSON.stringify({ ...verdict, changes: told }, null, 2))
}
