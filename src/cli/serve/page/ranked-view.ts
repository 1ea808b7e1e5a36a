import type { RankRequest, Ranking } from './api.ts'
import { find, plural } from './dom.ts'
import { List } from './list.ts'
import { correlation, placed, roseFrom } from './order.ts'
import type { Placed } from './order.ts'
import { createRow } from './row.ts'
import type { Figures } from './row.ts'
import { Threshold } from './threshold.ts'

/** A request, or two on the same documents, with what came of each. */
export type Outcome = readonly { request: RankRequest; ranking: Ranking }[]

/** Documents from which on a row takes one line. */
const COMPACT_FROM = 50

const list = new List(find('ranking', HTMLElement), find('more', HTMLButtonElement))
const threshold = new Threshold(
  find('threshold', HTMLInputElement),
  find('threshold-note', HTMLElement),
  (cut) => list.cut(cut),
)
const compact = find('compact', HTMLInputElement)
const search = find('find', HTMLInputElement)
const order = find('order', HTMLSelectElement)
const legend = find('legend', HTMLElement)
let outcome: Outcome = []

compact.addEventListener('change', setCompact)
search.addEventListener('input', findInResults)
order.addEventListener('change', show)
addEventListener('resize', () => list.measureAgain())

/** Shows what was ranked. */
export function showOutcome(next: Outcome): void {
  outcome = next
  const isCompared = next.length > 1
  find('empty', HTMLElement).hidden = true
  find('ranked', HTMLElement).hidden = false
  find('order-field', HTMLElement).hidden = !isCompared
  find('threshold-field', HTMLElement).hidden = isCompared
  search.value = ''
  order.value = 'a'
  const [first] = next
  compact.checked = (first?.request.documents.length ?? 0) >= COMPACT_FROM
  setCompact()
  threshold.reset(first?.ranking.results.map(({ relevance_score }) => relevance_score) ?? [])
  list.cut(-Infinity)
  show()
}

function show(): void {
  const sides = outcome.map(({ ranking }) => placed(ranking.results))
  const [a = [], b] = sides
  const documents = outcome[0]?.request.documents ?? []
  if (b) showCompared(documents, a, b)
  else showOne(documents, a)
  findInResults()
}

function showOne(documents: readonly string[], results: readonly Placed[]): void {
  const share = sharesOf(results)
  list.show(results.length, (at) => {
    const each = results[at] ?? NOWHERE
    return createRow(documents[each.index] ?? '', [
      {
        placed: each,
        rose: roseFrom(each.index + 1, each),
        before: each.index + 1,
        share: share(each.score),
        side: '',
      },
    ])
  })
  const hasTies = results.some(({ ties }) => ties > 0)
  legend.textContent = `▲ and ▼ show how many places a document rose or fell compared with your list.${hasTies ? ' Places marked = are tied: these documents have the same score.' : ''}`
}

function showCompared(documents: readonly string[], a: readonly Placed[], b: readonly Placed[]): void {
  const [ofA, ofB] = [a, b].map((side) => new Map(side.map((each) => [each.index, each])))
  const [shareOfA, shareOfB] = [sharesOf(a), sharesOf(b)]
  const moved = (index: number): number =>
    Math.abs((ofA?.get(index)?.place ?? 0) - (ofB?.get(index)?.place ?? 0))
  const rows =
    order.value === 'b' ? b : order.value === 'a' ? a : a.toSorted((x, y) => moved(y.index) - moved(x.index))
  list.show(rows.length, (at) => {
    const { index } = rows[at] ?? NOWHERE
    const [inA = NOWHERE, inB = NOWHERE] = [ofA?.get(index), ofB?.get(index)]
    const figures: Figures[] = [
      { placed: inA, rose: 0, before: inA.place, share: shareOfA(inA.score), side: 'A' },
      {
        placed: inB,
        rose: roseFrom(inA.place, inB),
        before: inA.place,
        share: shareOfB(inB.score),
        side: 'B',
      },
    ]
    return createRow(documents[index] ?? '', figures, order.value === 'b' ? inB : inA)
  })
  const top = Math.min(10, a.length)
  const inBoth = a.slice(0, top).filter(({ index }) => (ofB?.get(index)?.place ?? Infinity) <= top).length
  legend.textContent = `▲ and ▼ show how many places a document rose or fell from A to B. A and B have ${inBoth} of their first ${top} documents in common. Spearman’s rank correlation is ${correlation(a, b).toFixed(2)}.`
}

const NOWHERE: Placed = { index: -1, score: 0, place: 0, ties: 0, passage: undefined }

/** The share of its track that a bar fills: probabilities as they are, other scores between the least and the most. */
function sharesOf(results: readonly Placed[]): (score: number) => number {
  const [least, most] = [results.at(-1)?.score ?? 0, results[0]?.score ?? 1]
  if (least >= 0 && most <= 1) return (score) => score
  return (score) => (most === least ? 1 : (score - least) / (most - least))
}

function setCompact(): void {
  find('ranking', HTMLElement).classList.toggle('compact', compact.checked)
  list.measureAgain()
}

function findInResults(): void {
  const count = list.find(search.value)
  const isEmpty = search.value.trim() === ''
  find('found', HTMLElement).textContent = isEmpty
    ? ''
    : `${plural(count, 'document')} with “${search.value.trim()}”`
}
