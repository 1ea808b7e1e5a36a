import { FLOOR, SURVIVORS } from './survivors.ts'

/** What of Stryker's report is read (https://github.com/stryker-mutator/mutation-testing-elements). */
export interface Report {
  files: Readonly<Record<string, { source: string; mutants: readonly Mutant[] }>>
}

interface Mutant {
  status: string
  mutatorName: string
  location: { start: { line: number } }
}

/** What is known of a wing. */
export interface Measured {
  name: string
  report: Report
  /** The files that the report is to have in the end. */
  toMeasure: readonly string[]
}

/** Whether fewer mutants are killed than the floor asks for. */
export function isBelow({ report }: Measured): boolean {
  const placed = placedIn(report)
  return placed.length > 0 && shareOf(count(placed)) < FLOOR
}

/** What came of the runs, in Markdown. */
export function summaryOf(wings: readonly Measured[]): string {
  const lines = [
    '# Mutants',
    '',
    'Written by `npm run test:mutation`, which breaks the code in one place after the other and asks whether a test',
    `notices: at least ${FLOOR}% are to be killed in each wing, of those that are run. Not run are mutants of what is`,
    'evaluated on import, such as tables, since each would run all tests of its wing, and what could not be run. Of',
    'modules that only declare, export or start a process, of the adapters, the generated code and the page’s scripts',
    'none are made. Tests that wait in real time, start processes or try thousands of cases are left out.',
  ]
  for (const { name, report, toMeasure } of wings) {
    const placed = placedIn(report)
    const missing = toMeasure.filter((file) => !report.files[file])
    const files = groupBy(placed, ({ file }) => file)
    lines.push('', `## ${name}`)
    if (missing.length > 0)
      lines.push('', `Not measured: ${missing.map((file) => `\`${file}\``).join(', ')}.`)
    if (placed.length === 0) continue
    lines.push(
      '',
      '| | killed | survived | without a test | not run | share killed |',
      '| --- | ---: | ---: | ---: | ---: | ---: |',
      ...[...files].map(([file, inside]) => row(`\`${file}\``, inside)),
      row('all', placed),
      '',
      ...survivorLines(placed),
    )
  }
  return `${lines.join('\n')}\n`
}

/** A mutant and where it stands. */
interface Placed extends Mutant {
  file: string
  line: string
}

function placedIn({ files }: Report): Placed[] {
  const inOrder = Object.entries(files).sort(([a], [b]) => (a < b ? -1 : 1))
  return inOrder.flatMap(([file, { source, mutants }]) => {
    const lines = source.split('\n')
    return mutants.map((mutant) => ({
      ...mutant,
      file,
      line: lines[mutant.location.start.line - 1]?.trim() ?? '',
    }))
  })
}

interface Counts {
  killed: number
  survived: number
  uncovered: number
  ignored: number
}

/** A mutant that makes its tests end never is killed as well; one that could not be run counts as not run. */
function count(mutants: readonly Mutant[]): Counts {
  const of = (...statuses: string[]): number =>
    mutants.filter(({ status }) => statuses.includes(status)).length
  const [killed, survived, uncovered] = [of('Killed', 'Timeout'), of('Survived'), of('NoCoverage')]
  return { killed, survived, uncovered, ignored: mutants.length - killed - survived - uncovered }
}

function shareOf({ killed, survived, uncovered }: Counts): number {
  return (100 * killed) / Math.max(killed + survived + uncovered, 1)
}

function row(name: string, mutants: readonly Mutant[]): string {
  const counts = count(mutants)
  const { killed, survived, uncovered, ignored } = counts
  return `| ${name} | ${killed} | ${survived} | ${uncovered} | ${ignored} | ${shareOf(counts).toFixed(1)}% |`
}

function survivorLines(placed: readonly Placed[]): string[] {
  const left = placed.filter(({ status }) => ['Survived', 'NoCoverage'].includes(status))
  const reasons = groupBy(left, excuser())
  const unnamed = reasons.get(undefined) ?? []
  reasons.delete(undefined)
  return [
    ...[...reasons].map(([reason, mutants]) => `- ${mutants.length}: ${reason ?? ''}`),
    ...(unnamed.length > 0 ? [`- ${unnamed.length} without a reason yet:`] : []),
    ...unnamed.map(({ file, location, mutatorName }) => `  - ${file}:${location.start.line} ${mutatorName}`),
  ]
}

/** Tells why a survivor may live, and of each line no more of them than were known. */
function excuser(): (survivor: Placed) => string | undefined {
  const excuses = SURVIVORS.flatMap(({ reason, stands }) =>
    stands.map(([file, part, left = 1]) => ({ reason, file, part, left })),
  )
  return ({ file, line }) => {
    const excuse = excuses.find((each) => each.left > 0 && each.file === file && line.includes(each.part))
    if (excuse) excuse.left -= 1
    return excuse?.reason
  }
}

function groupBy<Item, Key>(items: readonly Item[], keyOf: (item: Item) => Key): Map<Key, Item[]> {
  const groups = new Map<Key, Item[]>()
  for (const item of items) {
    const key = keyOf(item)
    const group = groups.get(key)
    if (group) group.push(item)
    else groups.set(key, [item])
  }
  return groups
}
