import type { FileRecord } from '../files/index.ts'
import { objectText } from './outcome.ts'

/** The columns of a table with a document in each row: the rows of a job follow one another. */
export interface Grouping {
  /** The column that is the same in all rows of a job. */
  by: string
  /** The field of a job that its rows go into. */
  into: string
}

/** Makes one record of all rows in a row that belong to one job: the first's, with the rows as documents. */
export async function* groupRows(
  rows: AsyncIterable<FileRecord>,
  { by, into }: Grouping,
): AsyncGenerator<FileRecord, void, undefined> {
  let group: FileRecord[] = []
  let current: string | undefined
  for await (const row of rows) {
    // What a row that can't be read belongs to can't be told: to the job before it, which then can't be read either.
    const key = keyOf(row, by) ?? current
    if (group.length > 0 && key !== current) {
      yield together(group, into)
      group = []
    }
    group.push(row)
    current = key
  }
  if (group.length > 0) yield together(group, into)
}

function keyOf(row: FileRecord, by: string): string | undefined {
  try {
    return String(Reflect.get(row.read() as object, by))
  } catch {
    return undefined
  }
}

function together(rows: readonly FileRecord[], into: string): FileRecord {
  const [first] = rows as [FileRecord, ...FileRecord[]]
  return {
    number: first.number,
    read() {
      const documents = rows.map((row) => row.read())
      return { ...(first.read() as object), [into]: documents }
    },
    texts: () =>
      new Map([...first.texts(), [into, `[${rows.map((row) => objectText(row.texts())).join(',')}]`]]),
  }
}
