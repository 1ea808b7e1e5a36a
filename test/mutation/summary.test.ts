import { expect, test } from 'vitest'
import { isBelow, summaryOf } from './summary.ts'
import type { Measured } from './summary.ts'
import { SURVIVORS } from './survivors.ts'

/** A wing of one file with a mutant of each status in each of its lines. */
function measured(file: string, lines: readonly string[], statuses: readonly string[]): Measured {
  const mutants = lines.flatMap((_, index) =>
    statuses.map((status) => ({
      status,
      mutatorName: 'BooleanLiteral',
      location: { start: { line: index + 1 } },
    })),
  )
  return {
    name: 'wing',
    toMeasure: [file, 'src/unmeasured.ts'],
    report: { files: { [file]: { source: lines.join('\n'), mutants } } },
  }
}

test('a line excuses as many survivors as are known of it, and no more', () => {
  const { reason, stands } = SURVIVORS[0] ?? { reason: '', stands: [] }
  const [file = '', part = '', most = 1] = stands[0] ?? []
  const survivors = Array.from({ length: most + 1 }, () => 'Survived')
  const text = summaryOf([measured(file, [part], survivors)])
  expect(text).toContain(`- ${most}: ${reason}`)
  expect(text).toContain(`- 1 without a reason yet:\n  - ${file}:1 BooleanLiteral`)
})

test('a survivor that nobody knows is named by its place', () => {
  const text = summaryOf([measured('src/a.ts', ['one', 'two'], ['NoCoverage'])])
  expect(text).toContain(
    '- 2 without a reason yet:\n  - src/a.ts:1 BooleanLiteral\n  - src/a.ts:2 BooleanLiteral',
  )
})

test('what is killed counts against what is not, and what was not run is left out', () => {
  const wing = measured('src/a.ts', ['one'], ['Killed', 'Timeout', 'Killed', 'Survived', 'Ignored'])
  const text = summaryOf([wing])
  expect(text).toContain('| `src/a.ts` | 3 | 1 | 0 | 1 | 75.0% |')
  expect(text).toContain('Not measured: `src/unmeasured.ts`.')
  expect(isBelow(wing)).toBe(true)
  expect(isBelow(measured('src/a.ts', ['one'], ['Killed', 'Ignored']))).toBe(false)
})
