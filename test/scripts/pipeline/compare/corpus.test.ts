import { assert, asyncProperty, uniqueArray, nat } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compareDocument } from '../../../../scripts/pipeline/compare.ts'
import { extractContract } from '../../../../scripts/pipeline/contract.ts'
import { CLASSES, rank, worst, type Drift, type DriftClass } from '../../../../scripts/pipeline/drift.ts'
import { CASES, type DriftCase } from '../../../fixtures/drift/cases.ts'
import { edited, type Edit } from '../../document.ts'

/** What the edits of cases mean together. */
function driftOfCases(...cases: readonly DriftCase[]): Promise<Drift> {
  const given = cases.flatMap((one) => one.given)
  const edits = cases.flatMap((one) => one.edits)
  // Copied: an edit may change what an earlier one put in, for this run alone.
  const document = edited(...structuredClone([...given, ...edits]))
  return compareDocument(extractContract(edited(...given)), document)
}

describe('the corpus', () => {
  it('has at least 60 cases, some of every class, each with a name of its own and a reason', () => {
    expect(CASES.length).toBeGreaterThanOrEqual(60)
    expect(new Set(CASES.map((one) => one.class))).toEqual(new Set(CLASSES))
    expect(new Set(CASES.map(({ name }) => name)).size).toBe(CASES.length)
    expect(CASES.filter(({ why }) => !/^\S.*\.$/.test(why))).toEqual([])
  })

  it.concurrent.each(CASES.map((one) => [one.class, one.name, one] as const))(
    '%s: %s',
    async (name, _, one) => {
      const drift = await driftOfCases(one)
      expect({ class: drift.drift, changes: drift.drift === name ? [] : drift.changes }).toEqual({
        class: name,
        changes: [],
      })
    },
  )
})

describe('cases together', () => {
  it('are at least as bad as the worst of them', async () => {
    const some = uniqueArray(nat({ max: CASES.length - 1 }), { minLength: 2, maxLength: 5 })
    await assert(
      asyncProperty(some, async (indices) => {
        const cases = apart(indices.flatMap((index) => CASES[index] ?? []))
        const { drift } = await driftOfCases(...cases)
        return rank(drift) >= rank(worst(cases.map((one): DriftClass => one.class)))
      }),
      { numRuns: 40 },
    )
  })
})

/** The cases whose edits touch nothing that those of an earlier one touch. */
function apart(cases: readonly DriftCase[]): DriftCase[] {
  const chosen: DriftCase[] = []
  for (const one of cases) {
    if (!chosen.some((other) => meet(touched(one), touched(other)))) chosen.push(one)
  }
  return chosen
}

function touched({ given, edits }: DriftCase): string[] {
  return [...given, ...edits].map(([pointer]: Edit) => pointer)
}

function meet(a: readonly string[], b: readonly string[]): boolean {
  return a.some((one) =>
    b.some((other) => `${one}/`.startsWith(`${other}/`) || `${other}/`.startsWith(`${one}/`)),
  )
}
