import { randomBytes } from 'node:crypto'
import { open, unlink } from 'node:fs/promises'
import { openRecords, openSource, refuseSameFile } from '../files/index.ts'
import type { Source } from '../files/index.ts'
import { INPUT_FLAGS, jobFieldsOf, readOptionsOf } from '../bulk/call.ts'
import type { InputFlags } from '../bulk/call.ts'
import { groupRows } from '../bulk/group-rows.ts'
import { createJobReader } from '../bulk/jobs.ts'
import type { OutcomeFormat } from '../bulk/outcome.ts'
import { replaceFile } from '../bulk/replace.ts'
import { readFlags, SHARED_FLAGS } from '../flags.ts'
import { tell, unwritable, UsageError, write } from '../terminal.ts'
import type { Shell } from '../terminal.ts'
import { printable } from '../text.ts'
import { checkWritable } from '../whole-file.ts'
import { choose } from './choose.ts'
import type { Choice } from './choose.ts'
import { formatOf } from './part-format.ts'

/** The text of `nebius-rerank merge --help`. */
export const MERGE_HELP = `Usage: nebius-rerank merge [options] PART… -o OUT

Joins outputs of nebius-rerank bulk, such as those of --shard 1/3, 2/3 and 3/3. Reports missing outcomes and duplicate
ids.

  -o, --output OUT       a new file, or - for standard output
  --input IN             the input of bulk, to find jobs without an outcome, and outcomes of other jobs
  --format, --encoding, --query-field, --documents-field, --text-field, --id-field
                         how to read IN: see nebius-rerank bulk --help

  --debug                show the stack of an error
  -h, --help             show this text

If an id occurs more than once, the first ranked outcome is kept, or else the first error.

Examples
  nebius-rerank merge ranked-*.jsonl -o ranked.jsonl --input queries.jsonl

Exit codes: 0 each job is there once and ranked, 1 some are missing, duplicate or failed, 2 could not join.`

/** Joins outputs. */
export async function mergeCommand(shell: Shell): Promise<number> {
  const { values, positionals: names } = readFlags(shell.args, {
    ...SHARED_FLAGS,
    ...INPUT_FLAGS,
    output: { type: 'string', short: 'o' },
    input: { type: 'string' },
  })
  const to = values.output
  if (names.length === 0)
    throw new UsageError('merge takes the outputs to join; see nebius-rerank merge --help')
  if (to === undefined || to === '') throw new UsageError('merge needs -o OUT, or -o - for standard output')
  if (to !== '-') await checkWritable(to)
  const sources: Source[] = []
  try {
    for (const name of names) {
      const source = await openSource(name, shell.stdin)
      sources.push(source)
      if (!source.isFile)
        throw new UsageError(`merge reads its parts twice, so ${source.name} must be a file`)
      refuseSameFile(source, sources.slice(0, -1))
    }
    const format = await formatOf(sources)
    const choice = await choose(sources, format)
    const expected =
      values.input === undefined ? undefined : await keysOf(values.input, values, { shell, format })
    await writeOutput(to, shell, chosenTexts(sources, format, choice))
    return await report(shell, choice, expected)
  } finally {
    for (const source of sources) await source.close()
  }
}

type Format = Pick<OutcomeFormat, 'header' | 'keyOf' | 'read'>

/** Reads the keys of the input's jobs. */
async function keysOf(
  path: string,
  flags: InputFlags,
  { shell, format }: { shell: Shell; format: Format },
): Promise<Set<string>> {
  const source = await openSource(path, shell.stdin)
  try {
    const records = await openRecords(source, readOptionsOf(flags))
    const { fields, grouping } = jobFieldsOf(records, flags)
    const read = createJobReader(fields, format.keyOf)
    const keys = new Set<string>()
    for await (const record of grouping ? groupRows(records.read(), grouping) : records.read()) {
      keys.add(format.keyOf(read(record)))
    }
    return keys
  } finally {
    await source.close()
  }
}

/** The outcomes that are kept, in the order of the parts. */
async function* chosenTexts(
  sources: readonly Source[],
  format: Format,
  { places }: Choice,
): AsyncGenerator<string, void, undefined> {
  yield format.header
  for (const [part, source] of sources.entries()) {
    for await (const { text, key, end } of format.read(source.read(), source.name)) {
      const place = places.get(key)
      if (place?.part === part && place.end === end) yield text
    }
  }
}

async function writeOutput(to: string, { stdout }: Shell, texts: AsyncIterable<string>): Promise<void> {
  if (to === '-') {
    for await (const text of texts) {
      await write(stdout, text).catch((error: unknown) => {
        throw unwritable('standard output', error)
      })
    }
    return
  }
  try {
    // Creates the file, so that an existing one is never overwritten.
    await (await open(to, 'wx')).close()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw unwritable(to, error)
    throw new UsageError(`${to} exists already: choose another name, or remove it`)
  }
  try {
    await replaceFile(to, `${to}.${randomBytes(8).toString('hex')}.tmp`, texts)
  } catch (error) {
    await unlink(to).catch(() => undefined)
    throw error instanceof UsageError ? error : unwritable(to, error)
  }
}

async function report(
  shell: Shell,
  choice: Choice,
  expected: ReadonlySet<string> | undefined,
): Promise<number> {
  const { places, doubles } = choice
  const failed = [...places.values()].filter(({ isError }) => isError).length
  const missing = [...(expected ?? [])].filter((key) => !places.has(key))
  const foreign = expected ? [...places.keys()].filter((key) => !expected.has(key)) : []
  await tell(shell, [
    `${places.size} outcomes, ${failed} failed`,
    ...listed('missing (rank them with bulk --resume, then merge again)', missing),
    ...listed('duplicates, of which one is kept', doubles),
    ...listed('not in the input', foreign),
  ])
  return failed + missing.length + doubles.length + foreign.length > 0 ? 1 : 0
}

function listed(what: string, keys: readonly string[]): string[] {
  if (keys.length === 0) return []
  const more = keys.length > MOST_LISTED ? ', …' : ''
  return [printable(`${keys.length} ${what}: ${keys.slice(0, MOST_LISTED).join(', ')}${more}`)]
}

const MOST_LISTED = 20
