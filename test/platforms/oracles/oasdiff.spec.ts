// oasdiff as an oracle: what it calls a break and we do not is listed in harmless.ts, with the reason.

import { expect, it } from 'vitest'
import { extractContract } from '../../../scripts/spec/contract/index.ts'
import { CASES } from '../../fixtures/drift/cases.ts'
import { REPORTED } from '../../fixtures/drift/reported.ts'
import { WRITTEN } from '../../fixtures/drift/written.ts'
import { edited } from '../../scripts/document.ts'
import { HARMLESS } from './harmless.ts'
import { findingsOf } from './oasdiff.ts'

/** The level from which oasdiff speaks of a break. */
const WARNING = 2

it('knows of no break that we do not know of', { timeout: 180_000 }, async () => {
  const cases = [...CASES, ...REPORTED, ...WRITTEN].filter((one) => one.class !== 'breaking')
  const pairs = cases.map(({ given, edits }) => {
    const [before, after] = [given, [...given, ...edits]].map((all) =>
      extractContract(edited(...structuredClone(all))),
    )
    if (!before || !after) throw new Error('there are two contracts')
    return [before, after] as const
  })
  const findings = await findingsOf(pairs)
  const breaks = cases.flatMap(({ name }, index) =>
    (findings[index] ?? []).filter(({ level }) => level >= WARNING).map(({ id }) => `${name}: ${id}`),
  )
  const listed = Object.entries(HARMLESS).flatMap(([id, [, ...names]]) =>
    names.map((name) => `${name}: ${id}`),
  )
  expect(
    [...new Set(breaks)].sort(),
    'list it in test/platforms/oracles/harmless.ts with the reason, or make the case breaking',
  ).toEqual(listed.sort())
})
