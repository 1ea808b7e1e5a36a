import { UsageError } from '../terminal.ts'
import { linesOf } from '../files/index.ts'
import { objectText } from './outcome.ts'
import type { Entry, Outcome, OutcomeFormat, Result } from './outcome.ts'

/** Outcomes as JSON Lines. */
export const jsonOutcomes: OutcomeFormat = { header: '', write, keyOf, read }

/** Names that a job's own fields can't have in the output; they have `job_` before them there. */
const OWN = ['id', 'line', 'results', 'usage', 'error']

function write({ id, line, kept = new Map<string, string>(), results, usage, error }: Outcome): string {
  const fields = [
    ['id', JSON.stringify(id)],
    ['line', JSON.stringify(line)],
    ...[...kept].map(([name, json]) => [OWN.includes(name) ? `job_${name}` : name, json]),
    ['results', results && `[${results.map(resultText).join(',')}]`],
    ['usage', JSON.stringify(usage)],
    ['error', JSON.stringify(error)],
  ] as [string, string | undefined][]
  return `${objectText(fields.filter((field): field is [string, string] => field[1] !== undefined))}\n`
}

function resultText({ index, relevance_score, document }: Result): string {
  const numbers = JSON.stringify({ index, relevance_score })
  return document ? `${numbers.slice(0, -1)},"document":${objectText(document)}}` : numbers
}

/** 1 and "1" are two ids. */
function keyOf({ id, line }: Pick<Outcome, 'id' | 'line'>): string {
  return id === undefined ? `line ${line}` : JSON.stringify(id)
}

async function* read(bytes: AsyncIterable<Buffer>, name: string): AsyncGenerator<Entry, void, undefined> {
  for await (const { bytes: line, ending, number, end } of linesOf(bytes)) {
    const text = line.toString()
    if (ending === '' && isBeginning(text)) return
    const outcome = outcomeOf(text)
    if (!outcome || ending !== '\n')
      throw new UsageError(`${name}:${number} is not an outcome of nebius-rerank bulk`)
    yield { text: `${text}\n`, ...outcome, end }
  }
}

/** True if a truncated text is the beginning of an outcome. Anything else must not be removed. */
function isBeginning(text: string): boolean {
  // Whole JSON that is not an outcome was not cut off: it is somebody else's.
  if (parsed(text) !== undefined && !outcomeOf(text)) return false
  return ['{"id":', '{"line":'].some((start) => text.startsWith(start.slice(0, text.length)))
}

function outcomeOf(text: string): Pick<Entry, 'key' | 'isError'> | undefined {
  const value = parsed(text)
  if (typeof value !== 'object' || value === null || !('results' in value || 'error' in value))
    return undefined
  const { id, line } = value as { id?: unknown; line?: unknown }
  const isError = 'error' in value
  if (typeof id === 'string' || typeof id === 'number') return { key: keyOf({ id }), isError }
  return typeof line === 'number' ? { key: keyOf({ line }), isError } : undefined
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
