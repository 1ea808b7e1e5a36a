import { readQrels, readRun } from '../../eval/index.ts'
import type { JudgedQuery, Qrels, Run } from '../../eval/index.ts'
import { idOf, linesFrom, objectOn, textFrom, textOf } from './lines.ts'
import type { NumberedLine } from './lines.ts'
import { UsageError } from '../terminal.ts'

/** Reads judgments of TREC or BEIR. @throws UsageError */
export async function readQrelsFile(path: string, stdin: NodeJS.ReadStream): Promise<Qrels> {
  const qrels = parsed(readQrels, await textFrom(path, stdin), path)
  if (qrels.size === 0) throw new UsageError(`${path} has no judgment`)
  return qrels
}

/** Reads a run of TREC. @throws UsageError */
export async function readRunFile(path: string, stdin: NodeJS.ReadStream): Promise<Run> {
  return parsed(readRun, await textFrom(path, stdin), path)
}

/** The files with the texts of a run. */
export interface TextFiles {
  queries: string
  corpus: string
  fields: readonly string[]
}

/** Joins a run with its judgments and texts. Texts that the run does not name are read past, and not kept. */
export async function joinTexts(
  { qrels, run }: { qrels: Qrels; run: Run },
  { queries, corpus, fields }: TextFiles,
  stdin: NodeJS.ReadStream,
): Promise<JudgedQuery[]> {
  const judged = [...qrels.keys()].filter((id) => run.has(id))
  const ids = new Set(judged.flatMap((id) => [...(run.get(id)?.keys() ?? [])]))
  const queryTexts = await textsOf(queries, new Set(judged), { fields: ['text', 'query'], stdin })
  const texts = await textsOf(corpus, ids, { fields, stdin })
  return [...qrels].map(([id, grades]) => {
    const documents = [...(run.get(id) ?? [])].map(([document, score]) => ({
      id: document,
      text: texts.get(document) ?? '',
      relevance: grades.get(document),
      score,
    }))
    const missed = Object.fromEntries([...grades].filter(([document]) => run.get(id)?.has(document) !== true))
    return { id, query: queryTexts.get(id) ?? '', documents, missed }
  })
}

/** The texts of some ids, from JSON Lines (`_id` or `id`) or lines of an id, a tab and a text. */
async function textsOf(
  path: string,
  wanted: ReadonlySet<string>,
  { fields, stdin }: { fields: readonly string[]; stdin: NodeJS.ReadStream },
): Promise<Map<string, string>> {
  const texts = new Map<string, string>()
  for await (const line of linesFrom(path, stdin)) {
    const [id, text] = line.text.trimStart().startsWith('{') ? fromObject(line, fields) : fromTabs(line)
    if (!wanted.has(id)) continue
    if (text === undefined)
      throw new UsageError(`${line.where} has no text in ${fields.join(', ')}: see --fields`)
    if (texts.has(id)) throw new UsageError(`${line.where}: the id ${id} is already used`)
    texts.set(id, text)
  }
  const missing = [...wanted].filter((id) => !texts.has(id))
  if (missing.length > 0) {
    throw new UsageError(
      `${path} lacks ${missing.length} of the ${wanted.size} ids in the run, for example ${missing[0]}`,
    )
  }
  return texts
}

function fromObject(line: NumberedLine, fields: readonly string[]): [string, string | undefined] {
  const object = objectOn(line)
  const id = idOf(object['_id'] ?? object['id'])
  if (id === undefined) throw new UsageError(`${line.where} must have "_id" or "id", a string or a number`)
  return [id, textOf(object, fields)]
}

function fromTabs({ text, where }: NumberedLine): [string, string] {
  const [id = '', ...columns] = text.split('\t')
  if (columns.length === 0) throw new UsageError(`${where} must be a JSON object, or an id, a tab and a text`)
  return [id.trim(), columns.map((column) => column.trim()).join('\n')]
}

function parsed<Table>(read: (text: string, name: string) => Table, text: string, path: string): Table {
  try {
    return read(text, path)
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error), { cause: error })
  }
}
