import type { Change, DriftClass, What } from '../drift.ts'
import type { Gap } from '../schema/gap.ts'
import type { Direction } from '../schema/own-keywords.ts'

/** A change of what travels. */
export function wireChange(
  name: DriftClass,
  kind: string,
  pointer: string,
  path: string,
  what: What,
): Change {
  return { class: name, source: 'wire', kind, path, what, pointer }
}

/** A change of what travels, unless both sides say the same. */
export function difference(...[name, kind, pointer, path, what]: Parameters<typeof wireChange>): Change[] {
  return what.before === what.after ? [] : [wireChange(name, kind, pointer, path, what)]
}

/** Reasons why values of one contract do not fit the other, both ways. */
export interface Gaps {
  /** Why not every old value is a new one. */
  readonly narrowed: readonly Gap[]
  /** Why not every new value is an old one. */
  readonly widened: readonly Gap[]
  /** Those of either that break callers, by place and keyword. */
  readonly breaks: ReadonlySet<string>
}

/** The place and the keyword that a reason is about. */
export function keyOf({ path, keyword }: Pick<Gap, 'path' | 'keyword'>): string {
  return `${path} ${keyword}`
}

/** The changes that reasons amount to: one a place and keyword. */
export function changesOf(direction: Direction, { narrowed, widened, breaks }: Gaps): Change[] {
  const [old, now] = [byKey(narrowed), byKey(widened)]
  return [...new Set([...old.keys(), ...now.keys()])].flatMap((key) => {
    const [lost, gained] = [old.get(key), now.get(key)]
    const either = lost ?? gained
    if (either === undefined) return []
    const what = whatOf(lost, gained)
    const move = moveOf(what, lost !== undefined, gained !== undefined)
    const pointer = lost?.largeAt ?? gained?.smallAt ?? lost?.smallAt ?? gained?.largeAt ?? '#'
    const kind = `${direction}-${either.keyword}-${move}`
    return wireChange(breaks.has(key) ? 'breaking' : 'compatible', kind, pointer, either.path, what)
  })
}

function byKey(gaps: readonly Gap[]): Map<string, Gap> {
  const found = new Map<string, Gap>()
  for (const gap of gaps) found.set(keyOf(gap), merged(found.get(keyOf(gap)), gap))
  return found
}

/** Values that two branches are missing are missing together. */
function merged(one: Gap | undefined, other: Gap): Gap {
  if (one === undefined) return other
  if (!Array.isArray(one.small) || !Array.isArray(other.small)) return one
  return { ...one, small: [...new Set([...(one.small as unknown[]), ...(other.small as unknown[])])] }
}

function whatOf(lost: Gap | undefined, gained: Gap | undefined): What {
  const subject = (lost ?? gained)?.keyword ?? ''
  if (subject !== 'enum')
    return { subject, before: lost?.small ?? gained?.large, after: lost?.large ?? gained?.small }
  if (lost && lost.small === undefined) return { subject, before: undefined, after: lost.large }
  if (gained && gained.small === undefined) return { subject, before: gained.large, after: undefined }
  return { subject: 'values', before: lost?.small, after: gained?.small }
}

function moveOf({ subject, before, after }: What, isLost: boolean, isGained: boolean): string {
  if (subject === 'field') {
    if (before === undefined) return 'added'
    return after === undefined ? 'removed' : after === 'required' ? 'required' : 'optional'
  }
  if (isLost && isGained) return 'changed'
  return isLost ? 'narrowed' : 'widened'
}
