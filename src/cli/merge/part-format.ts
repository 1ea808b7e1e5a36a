import { jsonOutcomes } from '../bulk/json-outcomes.ts'
import type { OutcomeFormat } from '../bulk/outcome.ts'
import { tableBy } from '../bulk/table-outcomes.ts'
import { linesOf } from '../files/index.ts'
import type { Source } from '../files/index.ts'
import { UsageError } from '../terminal.ts'

type Format = Pick<OutcomeFormat, 'header' | 'keyOf' | 'read'>

/** The format that all parts have; empty ones have any. @throws UsageError if there are several */
export async function formatOf(parts: readonly Source[]): Promise<Format> {
  let found: { format: Format; name: string } | undefined
  for (const part of parts) {
    const line = await firstLine(part)
    if (line === undefined) continue
    const format = tableBy(line) ?? jsonOutcomes
    if (found && found.format.header !== format.header) {
      throw new UsageError(`${found.name} and ${part.name} differ in format or in columns`)
    }
    found ??= { format, name: part.name }
  }
  return found?.format ?? jsonOutcomes
}

async function firstLine(part: Source): Promise<string | undefined> {
  for await (const { bytes, ending } of linesOf(part.read())) return bytes.toString() + ending
  return undefined
}
