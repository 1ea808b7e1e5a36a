import { expect, it } from 'vitest'
import { compareOperations } from '../../../../scripts/spec/diff/tables/operation.ts'
import { extractContract } from '../../../../scripts/spec/contract/index.ts'
import { edited, type Edit } from '../../../scripts/document.ts'

/** A change of the pinned contract, the class and the text of each change told, and edits that both editions have. */
type Row = readonly [title: string, edits: readonly Edit[], told: readonly string[], given?: readonly Edit[]]

/** Tests what the tables tell. */
export function tells(rows: readonly Row[]): void {
  for (const [title, edits, told, given = []] of rows) {
    it(title, () => {
      const before = extractContract(edited(...structuredClone(given)))
      const after = extractContract(edited(...structuredClone([...given, ...edits])))
      const changes = compareOperations(before, after)
      expect(changes.map((change) => `${change.class} ${change.text}`)).toEqual(told)
    })
  }
}
