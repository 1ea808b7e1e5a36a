import { invalid } from '../shared/validate.ts'

/** A measure of one ranking. */
export interface Measure {
  /** The name as the caller wrote it. */
  name: string
  /** The value for the grades of a ranking, best first, given the grades of all judged documents. */
  of: (ranked: readonly number[], judged: readonly number[]) => number
}

/** The measures of an evaluation that names none. */
export const DEFAULT_MEASURES: readonly string[] = Object.freeze([
  'ndcg@10',
  'mrr@10',
  'map',
  'p@5',
  'recall@5',
])

/** Reads the names of measures, such as `ndcg@10`. @throws TypeError for one that is not known, or named twice */
export function readMeasures(names: readonly string[]): Measure[] {
  if (!isList(names)) invalid('measures', 'an array of names, one or more', names)
  const twice = names.find((name, place) => names.indexOf(name) < place)
  if (twice !== undefined) throw new TypeError(`measures name ${twice} twice`)
  return names.map(readMeasure)
}

function readMeasure(name: string): Measure {
  const [, kind = '', cutoff] = /^([a-z]+)(?:@([1-9]\d{0,8}))?$/i.exec(name) ?? []
  const known = Object.hasOwn(KINDS, kind.toLowerCase()) ? KINDS[kind.toLowerCase()] : undefined
  if (!known || (known.needsCutoff && cutoff === undefined)) invalid('a measure', EXPECTED, name)
  const depth = cutoff === undefined ? Infinity : Number(cutoff)
  return { name, of: (ranked, judged) => known.of(ranked.slice(0, depth), judged, depth) }
}

const EXPECTED = 'one of ndcg@k, ndcg, mrr@k, mrr, map@k, map, p@k and recall@k, with a whole number for k'

type Value = (ranked: readonly number[], judged: readonly number[], depth: number) => number

// By trec_eval's definitions: relevant is grade 1 or more, the gain is the grade, and what is not judged has grade 0.
const KINDS: Readonly<Record<string, { of: Value; needsCutoff?: true }>> = {
  ndcg: {
    of: (ranked, judged, depth) => {
      const ideal = gainOf([...judged].sort((a, b) => b - a).slice(0, depth))
      return ideal === 0 ? 0 : gainOf(ranked) / ideal
    },
  },
  mrr: {
    of: (ranked) => {
      const place = ranked.findIndex(isRelevant)
      return place < 0 ? 0 : 1 / (place + 1)
    },
  },
  map: {
    of: (ranked, judged) => {
      let found = 0
      let sum = 0
      ranked.forEach((grade, place) => {
        if (isRelevant(grade)) sum += ++found / (place + 1)
      })
      return share(sum, relevantIn(judged))
    },
  },
  p: { of: (ranked, _, depth) => relevantIn(ranked) / depth, needsCutoff: true },
  recall: { of: (ranked, judged) => share(relevantIn(ranked), relevantIn(judged)), needsCutoff: true },
}

/** True for a grade that counts as relevant. */
export function isRelevant(grade: number): boolean {
  return grade >= 1
}

function gainOf(grades: readonly number[]): number {
  return grades.reduce((sum, grade, place) => sum + Math.max(grade, 0) / Math.log2(place + 2), 0)
}

function relevantIn(grades: readonly number[]): number {
  return grades.filter(isRelevant).length
}

function share(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole
}

function isList(value: unknown): boolean {
  return Array.isArray(value) && value.length > 0
}
