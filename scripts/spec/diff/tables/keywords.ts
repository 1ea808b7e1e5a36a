// Compares two branches of schemas keyword by keyword.

import { worst, type Change, type DriftClass } from '../../drift.ts'
import { dotted, show, wireChange } from '../changes.ts'
import { isAnything, kindOfValues, type Branch } from '../meaning/kinds.ts'
import { member, members, textOf, type Located } from '../meaning/located.ts'
import { boundNamed, boundOf, boundShift, type BoundName } from './bounds.ts'
import { namesIn, structural, type Comparison } from './comparison.ts'
import { cameOrWent, shiftOf, type Shift, type ValueReading } from './shifts.ts'
import { ALWAYS, BESIDE, KEYWORDS, UNKNOWN_KEYWORD, type KeywordRow } from './verdicts.ts'

/** The changes from one branch to another. */
export function compareKeywords(
  comparison: Comparison,
  before: Branch,
  after: Branch,
  where: string,
): Change[] {
  const written = [...before.keywords.keys(), ...after.keywords.keys()]
  const keywords = [...new Set(written.map((keyword) => boundNamed(keyword) ?? keyword))]
  // Of values of another kind there is no more to say.
  const compared = areApart(before, after) ? ['type'] : keywords.filter((keyword) => keyword !== REQUIRED)
  return [
    ...compared.flatMap((keyword) => compareKeyword(comparison, keyword, before, after, where)),
    ...(areApart(before, after) ? [] : compareProperties(comparison, before, after, where)),
  ]
}

function areApart(before: Branch, after: Branch): boolean {
  const types = [before, after].map(kindOfValues)
  return !types.includes(undefined) && types[0] !== types[1]
}

/** One keyword on both sides, and where its changes are reported. */
interface Pair {
  readonly keyword: string
  readonly row: KeywordRow
  readonly old: Located | undefined
  readonly now: Located | undefined
  readonly pointer: string
  readonly where: string
}

function compareKeyword(
  comparison: Comparison,
  keyword: string,
  before: Branch,
  after: Branch,
  where: string,
): Change[] {
  const bound = boundNamed(keyword)
  if (bound !== undefined) return compareBounds(comparison, bound, before, after, where)
  const [old, now] = [before.keywords.get(keyword), after.keywords.get(keyword)]
  const pointer = now?.pointer ?? after.pointer
  return compareBy(comparison, { keyword, row: rowOf(keyword, before, after), old, now, pointer, where })
}

function rowOf(keyword: string, ...branches: readonly Branch[]): KeywordRow {
  const [other, row] = BESIDE[keyword] ?? []
  const isBeside = other !== undefined && branches.every(({ keywords }) => keywords.has(other))
  return (isBeside ? row : KEYWORDS[keyword]) ?? UNKNOWN_KEYWORD
}

function compareBounds(
  comparison: Comparison,
  name: BoundName,
  before: Branch,
  after: Branch,
  where: string,
): Change[] {
  const [from, to] = [boundOf(before, name), boundOf(after, name)]
  const bound = to ?? from
  if (bound === undefined) return []
  const [old, now] = [from?.located, to?.located]
  const pair = { keyword: name, row: rowOf(name), old, now, where }
  const shift =
    from && to ? boundShift(from, to) : cameOrWent(bound.keyword, to !== undefined, bound.located.value)
  return judged(comparison, { ...pair, pointer: now?.pointer ?? after.pointer }, shift)
}

function compareBy(comparison: Comparison, pair: Pair): Change[] {
  const { keyword, row, old, now } = pair
  const [reading] = row
  switch (reading) {
    case 'schema':
      return compareInner(comparison, pair)
    case 'condition':
      if (!old || !now) return judged(comparison, pair, cameOrWent(keyword, now !== undefined))
      return differ(comparison, old, now)
        ? judged(comparison, pair, { tighter: true, looser: true, text: `${keyword} reads otherwise` })
        : []
    case 'parts':
      return compareParts(comparison, pair)
    case 'choice':
      return compareChoices(comparison, pair)
    case 'tuple':
      return compareTuples(comparison, pair)
    case 'map':
      return compareMaps(comparison, pair)
    default:
      return compareValues(comparison, pair, reading)
  }
}

function compareInner(comparison: Comparison, pair: Pair): Change[] {
  const { keyword, old, now, pointer, where } = pair
  if (old?.value === false || now?.value === false) return compareForbidden(comparison, pair)
  if (old && now) return comparison.schemas(comparison, old, now, inner(where, keyword))
  const shift = cameOrWent(keyword, now !== undefined)
  if (isAnything((old ?? now)?.value)) {
    const id = `${comparison.direction}-${keyword}-opened`
    return [wireChange(ALWAYS['open schema'], id, pointer, where, shift.text)]
  }
  return judged(comparison, pair, shift)
}

/** A schema that no value fits, on either side. */
function compareForbidden(comparison: Comparison, pair: Pair): Change[] {
  const [was, is] = [pair.old?.value === false, pair.now?.value === false]
  const text = `${pair.keyword} is false ${is ? 'now' : 'no longer'}`
  return judged(comparison, pair, { tighter: is && !was, looser: was && !is, text })
}

function inner(where: string, keyword: string): string {
  if (keyword === 'items') return `${where}[]`
  return keyword === 'additionalProperties' ? `${where}[*]` : `${where} (${keyword})`
}

function compareChoices(comparison: Comparison, pair: Pair): Change[] {
  const { keyword, old, now, pointer, where } = pair
  if (!old || !now) return judged(comparison, pair, cameOrWent(keyword, now !== undefined))
  const before = members(old).flatMap((schema) => comparison.before.read(schema).branches)
  const after = members(now).flatMap((schema) => comparison.after.read(schema).branches)
  return comparison.alternatives(comparison, before, after, pointer, where)
}

function compareValues(comparison: Comparison, pair: Pair, reading: ValueReading): Change[] {
  const { keyword, old, now } = pair
  if (JSON.stringify(old?.value) === JSON.stringify(now?.value)) return []
  return judged(comparison, pair, shiftOf(reading, keyword, old?.value, now?.value))
}

/** Parts that say the same cancel out; two that are left are compared, otherwise what is left came or went. */
function compareParts(comparison: Comparison, pair: Pair): Change[] {
  const [old, now] = [members(pair.old ?? NO_LIST), members(pair.now ?? NO_LIST)]
  const gone = old.filter((part) => !now.some((other) => !differ(comparison, part, other)))
  const come = now.filter((part) => !old.some((other) => !differ(comparison, other, part)))
  const [one, other] = [gone[0], come[0]]
  if (gone.length === 1 && come.length === 1 && one && other) {
    return comparison.schemas(comparison, one, other, pair.where)
  }
  return [
    ...gone.flatMap(() => judged(comparison, pair, cameOrWent(`a part of ${pair.keyword}`, false))),
    ...come.flatMap(() => judged(comparison, pair, cameOrWent(`a part of ${pair.keyword}`, true))),
  ]
}

const NO_LIST: Located = { value: [], pointer: '' }

function compareTuples(comparison: Comparison, pair: Pair): Change[] {
  const [old, now] = [members(pair.old ?? NO_LIST), members(pair.now ?? NO_LIST)]
  const text = `${pair.keyword} had ${old.length}, has ${now.length}`
  return [
    ...(old.length === now.length ? [] : judged(comparison, pair, { tighter: true, looser: true, text })),
    ...old.flatMap((part, index) => {
      const other = now[index]
      return other ? comparison.schemas(comparison, part, other, `${pair.where}[${index}]`) : []
    }),
  ]
}

function compareMaps(comparison: Comparison, pair: Pair): Change[] {
  const { keyword, where } = pair
  const [old, now] = [pair.old ?? NO_LIST, pair.now ?? NO_LIST]
  return namesIn(old, now).flatMap((name) => {
    const [one, other] = [member(old, name), member(now, name)]
    if (one.value !== undefined && other.value !== undefined) {
      return comparison.schemas(comparison, one, other, `${dotted(where, name)} (${keyword})`)
    }
    return judged(comparison, pair, cameOrWent(`${keyword} ${show(name)}`, other.value !== undefined))
  })
}

const REQUIRED = 'required'

function compareProperties(comparison: Comparison, before: Branch, after: Branch, where: string): Change[] {
  const [needed, needs] = [before, after].map(({ keywords }) => requiredBy(keywords))
  const names = [before, after].flatMap(({ properties, keywords }) => [
    ...properties.keys(),
    ...requiredBy(keywords),
  ])
  return [...new Set(names)].flatMap((name) => {
    const [old, now] = [before.properties.get(name), after.properties.get(name)]
    const [was, is] = [needed?.has(name) === true, needs?.has(name) === true]
    // What was sent by that name was to fit what any name may have.
    const any = before.keywords.get('additionalProperties')
    const path = dotted(where, name)
    const pointer = (now ?? old)?.pointer ?? after.pointer
    const isNew = now !== undefined && old === undefined
    const text = is ? (isNew ? 'is new, and required' : 'is required now') : 'is required no longer'
    const need = {
      keyword: REQUIRED,
      row: rowOf(REQUIRED),
      old,
      now,
      pointer,
      where: path,
    }
    return [
      ...(is === was || (old && !now) ? [] : judged(comparison, need, { tighter: is, looser: was, text })),
      ...(old && now ? comparison.schemas(comparison, old, now, path) : []),
      ...(old && !now ? [structural(comparison, 'property', 'removed', pointer, path, 'is gone')] : []),
      ...(isNew && any && any.value !== false && comparison.direction === 'request'
        ? comparison.schemas(comparison, any, now, path)
        : []),
      ...(isNew && !is ? [structural(comparison, 'property', 'added', pointer, path, 'is new')] : []),
    ]
  })
}

function requiredBy(keywords: Branch['keywords']): Set<string> {
  return new Set(members(keywords.get(REQUIRED) ?? NO_LIST).map(textOf))
}

function judged(comparison: Comparison, pair: Pair, { tighter, looser, text }: Shift): Change[] {
  if (!tighter && !looser) return []
  const [, requestTighter, requestLooser, answerTighter, answerLooser] = pair.row
  const [onTighter, onLooser] =
    comparison.direction === 'request' ? [requestTighter, requestLooser] : [answerTighter, answerLooser]
  const classes: DriftClass[] = [...(tighter ? [onTighter] : []), ...(looser ? [onLooser] : [])]
  const move = tighter && looser ? 'changed' : tighter ? 'tighter' : 'looser'
  return [
    wireChange(
      worst(classes),
      `${comparison.direction}-${pair.keyword}-${move}`,
      pair.pointer,
      pair.where,
      text,
    ),
  ]
}

function differ(comparison: Comparison, old: Located, now: Located): boolean {
  return comparison
    .schemas({ ...comparison, seen: new Map(comparison.seen) }, old, now, '')
    .some(({ class: name }) => name !== 'docs')
}
