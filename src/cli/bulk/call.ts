import { extname } from 'node:path'
import type { ReadOptions, Records } from '../files/index.ts'
import { FORMATS } from '../files/index.ts'
import { choiceFlag, readFlags, SERVICE_FLAGS, SHARED_FLAGS } from '../flags.ts'
import { LIMIT_FLAGS } from '../limits.ts'
import { UsageError } from '../terminal.ts'
import type { Grouping } from './group-rows.ts'
import { isKept, TEXT } from './jobs.ts'
import type { JobFields } from './jobs.ts'
import { jsonOutcomes } from './json-outcomes.ts'
import type { OutcomeFormat } from './outcome.ts'
import { tableOutcomes } from './table-outcomes.ts'

/** Flags for the format of the input. */
export const INPUT_FLAGS = {
  format: { type: 'string' },
  encoding: { type: 'string' },
  'query-field': { type: 'string' },
  'documents-field': { type: 'string' },
  'text-field': { type: 'string' },
  'id-field': { type: 'string' },
} as const

const FLAGS = {
  ...SHARED_FLAGS,
  ...SERVICE_FLAGS,
  ...INPUT_FLAGS,
  output: { type: 'string', short: 'o' },
  'output-format': { type: 'string' },
  keep: { type: 'boolean', default: false },
  'with-documents': { type: 'boolean', default: false },
  fields: { type: 'string' },
  resume: { type: 'boolean', default: false },
  'retry-failed': { type: 'boolean', default: false },
  shard: { type: 'string' },
  ...LIMIT_FLAGS,
  queue: { type: 'string' },
  'dry-run': { type: 'boolean', default: false },
  price: { type: 'string' },
  'max-tokens': { type: 'string' },
} as const

/** Flags for ranking, which belong to the workers of a queue. */
const OF_WORKERS = [
  ...(Object.keys(SERVICE_FLAGS) as (keyof typeof SERVICE_FLAGS)[]),
  ...(Object.keys(LIMIT_FLAGS) as (keyof typeof LIMIT_FLAGS)[]),
] as const

/** A call of the command. */
export interface Call {
  values: ReturnType<typeof readFlags<typeof FLAGS>>['values']
  /** The path of the input. */
  from: string
  /** That of the output. */
  to: string
}

/** Reads the words of a call. @throws UsageError */
export function readCall(args: readonly string[]): Call {
  const { values, positionals } = readFlags(args, FLAGS)
  const [from, ...more] = positionals
  const to = values.output ?? ''
  if (from === undefined || more.length > 0) {
    throw new UsageError(`bulk takes one file, got ${positionals.length}; see nebius-rerank bulk --help`)
  }
  if (to === '' && !values['dry-run']) throw new UsageError('bulk needs -o OUT, or -o - for standard output')
  if (values['retry-failed'] && !values.resume) throw new UsageError('--retry-failed needs --resume')
  if (values.resume && to === '-') throw new UsageError('--resume needs an output file, not `-`')
  if (values.queue !== undefined && !values['dry-run']) {
    const vain = OF_WORKERS.find((name) => values[name] !== undefined && values[name] !== false)
    if (vain) throw new UsageError(`With --queue, the workers rank: pass --${vain} to nebius-rerank work`)
  }
  return { values, from, to }
}

/** The values of {@link INPUT_FLAGS}. */
export type InputFlags = { readonly [Name in keyof typeof INPUT_FLAGS]?: string | undefined }

/** Returns the options for reading a file. @throws UsageError */
export function readOptionsOf({ format, encoding }: InputFlags): ReadOptions {
  return { format: choiceFlag('format', format, FORMATS), encoding }
}

/** The flags for the fields of a job and of its documents that go with its outcome. */
export interface CarryFlags {
  readonly keep?: boolean
  readonly 'with-documents'?: boolean
  readonly fields?: string | undefined
}

/** Where jobs are in the records of a file, as they are named and as its columns have it. @throws UsageError */
export function jobFieldsOf(
  records: Records,
  flags: InputFlags & CarryFlags,
): { fields: JobFields; grouping: Grouping | undefined } {
  const { columns } = records
  const text = flags['text-field'] ?? 'text'
  const documentFields = namesIn(flags['documents-field'])
  const documents = documentFields?.[0] ?? 'documents'
  const isGrouped =
    columns !== undefined && !documentFields && !columns.includes(documents) && columns.includes(text)
  const fields: JobFields = {
    query: flags['query-field'] ?? 'query',
    documents: documentFields ?? [documents],
    text,
    id: flags['id-field'],
    isTable: columns !== undefined,
    isGrouped,
    keep: flags.keep ?? false,
    shown: [...(flags['with-documents'] ? [TEXT] : []), ...(namesIn(flags.fields) ?? [])],
  }
  if (!columns) return { fields, grouping: undefined }
  for (const [name, flag] of [
    [fields.query, 'query'],
    ...(isGrouped ? [] : fields.documents.map((each) => [each, 'documents'] as const)),
    ...(fields.id === undefined ? [] : [[fields.id, 'id'] as const]),
  ] as const) {
    if (columns.includes(name)) continue
    const known = columns.map((column) => JSON.stringify(column)).join(', ')
    throw new UsageError(
      `${records.name} has no column ${JSON.stringify(name)}: name the column of the ${flag} with --${flag}-field. Its columns are ${known}`,
    )
  }
  const id = fields.id ?? 'id'
  return {
    fields,
    grouping: isGrouped ? { by: columns.includes(id) ? id : fields.query, into: documents } : undefined,
  }
}

/** Returns the format of the outcomes. @throws UsageError */
export function outcomeFormatOf(
  { to, values }: Call,
  records: Pick<Records, 'format' | 'delimiter' | 'columns'>,
  fields: JobFields,
): OutcomeFormat {
  const named = choiceFlag('output-format', values['output-format'], ['jsonl', 'csv', 'tsv'])
  const format = named ?? EXTENSIONS[extname(to).toLowerCase()] ?? records.format
  if (format !== 'csv' && format !== 'tsv') return jsonOutcomes
  const { columns } = records
  if (fields.keep && !columns) {
    throw new UsageError(
      '--keep can write a table only if the input is one, whose columns are known: use --output-format jsonl',
    )
  }
  return tableOutcomes({
    delimiter: format === 'tsv' ? '\t' : format === records.format ? records.delimiter : ',',
    kept: fields.keep ? (columns ?? []).filter((name) => isKept(name, fields)) : [],
    document: fields.shown,
  })
}

const EXTENSIONS: Readonly<Record<string, 'jsonl' | 'csv' | 'tsv'>> = {
  '.jsonl': 'jsonl',
  '.ndjson': 'jsonl',
  '.json': 'jsonl',
  '.csv': 'csv',
  '.tsv': 'tsv',
}

function namesIn(list: string | undefined): string[] | undefined {
  return list?.split(',').map((name) => name.trim())
}
