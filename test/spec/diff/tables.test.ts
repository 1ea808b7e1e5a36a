// What our own tables say to each case of the corpus, word for word: a review shows what a change of them changes.

import { expect, it } from 'vitest'
import { lostEssentials } from '../../../scripts/spec/diff/essentials.ts'
import { compareOperations } from '../../../scripts/spec/diff/tables/operation.ts'
import { extractContract } from '../../../scripts/spec/contract/index.ts'
import { CASES, type DriftCase } from '../../fixtures/drift/cases.ts'
import { edited } from '../../scripts/document.ts'

expect.addSnapshotSerializer({ test: (value) => typeof value === 'string', serialize: String })

it.each(CASES.map((one) => [one.class, one.name, one] as const))('%s: %s', (_name, _title, one) => {
  expect(told(one)).toMatchSnapshot()
})

const PINNED = extractContract(edited())

function told({ given, edits }: DriftCase): string {
  const before = given.length === 0 ? PINNED : extractContract(edited(...structuredClone(given)))
  const document = edited(...structuredClone([...given, ...edits]))
  const lost = lostEssentials(document)
  const changes = lost.length > 0 ? lost : compareOperations(before, extractContract(document))
  return changes.map(({ class: name, id, pointer, text }) => `${name} ${id} ${pointer}\n  ${text}`).join('\n')
}
