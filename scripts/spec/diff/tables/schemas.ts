// Compares what two schemas say, by the tables of verdicts.ts.

import type { Change } from '../../drift.ts'
import { PipelineError } from '../../lib/failure.ts'
import { show } from '../changes.ts'
import { tellsApart } from '../meaning/kinds.ts'
import { member, textOf, type Located } from '../meaning/located.ts'
import type { Meaning, Reader } from '../meaning/meaning.ts'
import { compareAlternatives } from './alternatives.ts'
import { moveOf, namesIn, structural, type Comparison, type Direction } from './comparison.ts'
import { cameOrWent, shiftOf } from './shifts.ts'
import type { Move } from './verdicts.ts'
import { wordChanges } from './words.ts'

const BUDGET = 10_000
const MAX_DEPTH = 500

/** Compares schemas that travel one way. */
export type CompareSchemas = (old: Located, now: Located, where: string) => Change[]

/** A comparison of the schemas of two documents that travel in a direction. */
export function schemaComparison(before: Reader, after: Reader, direction: Direction): CompareSchemas {
  const comparison: Comparison = {
    before,
    after,
    direction,
    seen: new Map(),
    budget: { left: BUDGET },
    depth: 0,
    schemas: compareSchemas,
    alternatives: compareAlternatives,
  }
  return (old, now, where) => compareSchemas(comparison, old, now, where)
}

/** The changes from one schema to another; none where they say the same. */
function compareSchemas(outer: Comparison, old: Located, now: Located, where: string): Change[] {
  if (outer.budget.left-- <= 0 || outer.depth >= MAX_DEPTH)
    throw new PipelineError('the schemas are too involved to be compared')
  const comparison = { ...outer, depth: outer.depth + 1 }
  const [before, after] = [comparison.before.read(old), comparison.after.read(now)]
  const seen = comparison.seen.get(before) ?? new Set()
  if (seen.has(after)) return []
  comparison.seen.set(before, new Set([...seen, after]))
  const alternatives = compareAlternatives(comparison, before.branches, after.branches, after.pointer, where)
  return [
    ...wordChanges(before.words, after.words, after.pointer, where),
    ...compareNotes(comparison, before, after, where),
    ...compareDiscriminators(comparison, before, after, where),
    ...compareExclusivity(comparison, before, after, alternatives, where),
    ...alternatives,
  ]
}

function compareNotes(comparison: Comparison, before: Meaning, after: Meaning, where: string): Change[] {
  return NOTED.flatMap((key) => {
    const [old, now] = [before.notes.get(key), after.notes.get(key)]
    if (JSON.stringify(old?.value) === JSON.stringify(now?.value)) return []
    const { text } = shiftOf('presence', key, old?.value, now?.value)
    return structural(comparison, key, moveOf(old, now), now?.pointer ?? after.pointer, where, text)
  })
}

const NOTED = ['default', 'deprecated', 'readOnly', 'writeOnly'] as const

function compareDiscriminators(
  comparison: Comparison,
  before: Meaning,
  after: Meaning,
  where: string,
): Change[] {
  const [old, now] = [before.notes.get('discriminator'), after.notes.get('discriminator')]
  const pointer = now?.pointer ?? after.pointer
  const report = (id: 'discriminator' | 'told discriminator' | 'mapping', move: Move, what: string): Change =>
    structural(comparison, id, move, pointer, where, what)
  const either = old ?? now
  if (either === undefined) return []
  if (old === undefined || now === undefined) {
    const { branches } = old === undefined ? before : after
    const isTold = tellsApart(textOf(member(either, 'propertyName')), branches)
    const id = isTold ? 'told discriminator' : 'discriminator'
    return [report(id, moveOf(old, now), cameOrWent('discriminator', old === undefined).text)]
  }
  const [oldName, newName] = [member(old, 'propertyName').value, member(now, 'propertyName').value]
  if (oldName !== newName) {
    return [report('discriminator', 'changed', shiftOf('presence', 'discriminator', oldName, newName).text)]
  }
  const [oldMap, newMap] = [member(old, 'mapping'), member(now, 'mapping')]
  return namesIn(oldMap, newMap).flatMap((name) => {
    const [oldTarget, newTarget] = [member(oldMap, name), member(newMap, name)]
    if (oldTarget.value === undefined)
      return [report('mapping', 'added', `discriminator gains ${show(name)}`)]
    if (newTarget.value === undefined)
      return [report('mapping', 'removed', `discriminator loses ${show(name)}`)]
    const from = comparison.before.target(textOf(oldTarget))
    const to = comparison.after.target(textOf(newTarget))
    return compareSchemas(comparison, from, to, `${where}<${show(name)}>`)
  })
}

function compareExclusivity(
  comparison: Comparison,
  before: Meaning,
  after: Meaning,
  alternatives: readonly Change[],
  where: string,
): Change[] {
  if (before.exclusive === after.exclusive) {
    const overlaps = after.exclusive && alternatives.some((change) => change.class !== 'docs')
    const text = 'a value that fits two alternatives is refused, and the alternatives changed'
    return overlaps ? [structural(comparison, 'exclusivity', 'changed', after.pointer, where, text)] : []
  }
  const [move, what] = after.exclusive ? (['added', 'refused'] as const) : (['removed', 'accepted'] as const)
  const text = `a value that fits two alternatives is ${what}`
  return [structural(comparison, 'exclusivity', move, after.pointer, where, text)]
}
