import { array, assert, asyncProperty, nat, uniqueArray } from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { compareDocument } from '../../../scripts/spec/diff/index.ts'
import { extractContract } from '../../../scripts/spec/contract/index.ts'
import { CLASSES, rank, worst, type Drift, type DriftClass } from '../../../scripts/spec/drift.ts'
import { CASES, type DriftCase } from '../../fixtures/drift/cases.ts'
import { edited, POST, SCHEMAS, type Edit } from '../../scripts/document.ts'
import { tries } from '../../helpers/effort.ts'
import { REPORTED } from '../../fixtures/drift/reported.ts'
import { WRITTEN } from '../../fixtures/drift/written.ts'

/** What the edits of cases mean, those of each group together. */
async function driftsOf(groups: readonly (readonly DriftCase[])[]): Promise<PromiseSettledResult<Drift>[]> {
  return Promise.allSettled(groups.map(driftOfCases))
}

async function driftOfCases(cases: readonly DriftCase[]): Promise<Drift> {
  const given = cases.flatMap((one) => one.given)
  const edits = cases.flatMap((one) => one.edits)
  // Copied: an edit may change what an earlier one put in, for this run alone.
  const document = edited(...structuredClone([...given, ...edits]))
  const before = given.length === 0 ? PINNED : extractContract(edited(...given))
  return compareDocument(before, document)
}

const PINNED = extractContract(edited())
const ALL: readonly DriftCase[] = [...CASES, ...REPORTED, ...WRITTEN]
const DRIFTS = driftsOf(ALL.map((one) => [one]))

const UNREAD =
  'if the keyword is not in SCHEMA of scripts/spec/contract/vocabulary.ts, add it; if it is, add its rule to RULES in scripts/spec/schema/keywords.ts'

// Hundreds of comparisons, which a busy machine takes its time for.
const PATIENCE = 120_000

describe('the corpus', () => {
  beforeAll(async () => {
    await DRIFTS
  }, PATIENCE)

  it('has at least 640 cases, some of every class, each with a name of its own and a reason', () => {
    expect(ALL.length).toBeGreaterThanOrEqual(640)
    expect(new Set(ALL.map((one) => one.class))).toEqual(new Set(CLASSES))
    expect(new Set(ALL.map(({ name }) => name)).size).toBe(ALL.length)
    expect(CASES.filter(({ why }) => !/^\S.*\.$/.test(why))).toEqual([])
  })

  it.each(ALL.map((one, index) => [one.class, one.name, index] as const))(
    '%s: %s',
    async (name, _, index) => {
      const drift = valueOf((await DRIFTS)[index])
      const found = { class: drift.drift, changes: drift.drift === name ? [] : drift.changes }
      expect(found, drift.drift === 'none' ? UNREAD : undefined).toEqual({ class: name, changes: [] })
    },
  )
})

describe('a case that breaks several things', () => {
  const several = REPORTED.filter(({ breaks }) => breaks.length > 0)
  it.each(several.map(({ name, breaks }) => [name, breaks] as const))(
    'tells each: %s',
    async (name, breaks) => {
      const drift = valueOf((await DRIFTS)[ALL.findIndex((one) => one.name === name)])
      const paths = drift.changes.filter((change) => change.class === 'breaking').map(({ path }) => path)
      expect(breaks.filter((field) => !paths.some((path) => path.endsWith(`.${field}`)))).toEqual([])
    },
  )
})

describe('cases together', () => {
  it('are at least as bad as the worst of them', { timeout: PATIENCE }, async () => {
    const some = uniqueArray(nat({ max: CASES.length - 1 }), { minLength: 2, maxLength: 5 })
    const groups = array(some, { minLength: 1, maxLength: 16, size: 'max' })
    await assert(
      asyncProperty(groups, async (chosen) => {
        const parts = chosen.map((indices) => apart(indices.flatMap((index) => CASES[index] ?? [])))
        const drifts = (await driftsOf(parts)).map(valueOf)
        return drifts.every(({ drift }, group) => rank(drift) >= rank(worst(classesOf(parts[group]))))
      }),
      { numRuns: tries(6) },
    )
  })
})

function classesOf(cases: readonly DriftCase[] = []): DriftClass[] {
  return cases.map((one) => one.class)
}

function valueOf<Value>(result: PromiseSettledResult<Value> | undefined): Value {
  if (result?.status === 'fulfilled') return result.value
  throw result?.reason ?? new Error('there is no result')
}

/** The cases whose edits touch nothing that those of an earlier one touch. */
function apart(cases: readonly DriftCase[]): DriftCase[] {
  const chosen: DriftCase[] = []
  for (const one of cases) {
    if (!chosen.some((other) => meet(touched(one), touched(other)))) chosen.push(one)
  }
  return chosen
}

/** What only one place leads to: a case that changes the place makes changes behind it moot. */
const BEHIND: readonly (readonly [place: string, behind: readonly string[]])[] = [
  [`${POST}/responses/422`, [`${SCHEMAS}/HTTPValidationError`, `${SCHEMAS}/ValidationError`]],
  [`${POST}/security`, ['/components/securitySchemes']],
]

function touched({ given, edits }: DriftCase): string[] {
  const pointers = [...given, ...edits].map(([pointer]: Edit) => pointer)
  return [...pointers, ...BEHIND.flatMap(([place, behind]) => (meet(pointers, [place]) ? behind : []))]
}

function meet(a: readonly string[], b: readonly string[]): boolean {
  return a.some((one) =>
    b.some((other) => `${one}/`.startsWith(`${other}/`) || `${other}/`.startsWith(`${one}/`)),
  )
}
