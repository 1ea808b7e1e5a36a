import { access, constants, realpath, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, extname, join, resolve } from 'node:path'
import { CLASSES, rank, type DriftClass } from '../drift.ts'
import { OVERLAY } from '../contract/overlay.ts'
import { PINNED } from '../contract/pinned.ts'
import { ENDINGS, FORMATS, report, type Format, type Terminal } from '../report/index.ts'
import { fileFault, PipelineError, quoted } from '../lib/failure.ts'
import { namesIn } from '../lib/files.ts'
import { valueAt } from '../lib/json.ts'
import { LIVE_URL } from '../fetch.ts'
import { HISTORY } from '../release/history.ts'
import { compare } from './comparison.ts'
import { fail, optionsIn, say, sourceOf, type Invocation } from './invocation.ts'

/** An invocation of `npm run drift`, which needs to know the terminal as well. */
export interface DriftInvocation extends Invocation {
  readonly terminal: Terminal
}

interface Request {
  /** Undefined for the pinned contract. */
  readonly from: string | undefined
  readonly to: string
  readonly isUpstream: boolean
  readonly failOn: DriftClass
  readonly format: Format
  readonly report: ReportFile | undefined
  readonly help: boolean
}

interface ReportFile {
  readonly path: string
  readonly format: Format
}

const THRESHOLDS = CLASSES.filter((name) => name !== 'none')
const FILES = [...ENDINGS.keys()].join(', ')

const HELP = `Usage: npm run drift [-- OPTIONS]

       npm run drift -- --from CONTRACT --to CONTRACT [OPTIONS]

Compares upstream's document with the pinned contract, ${PINNED}, and says what the changes mean for callers. With
--to, compares any two contracts. Writes nothing. The corrections in ${OVERLAY} are applied first, and reported.

  --from URL|FILE   the new document: https, http on this machine, or a file
                    (default: OPENAPI_URL, or ${LIVE_URL})
  --to CONTRACT     the new contract; --from then names the old one. A CONTRACT is a document, or one of
                    ${HISTORY}/ by its digest or version
  --fail-on CLASS   exit with 1 for this class or a worse one: ${THRESHOLDS.join(', ')} (default: docs)
  --format FORMAT   ${FORMATS.join(', ')} (default: text);
                    for machines: npm run --silent drift -- --format json
  --report FILE     also write a report to FILE, in the format of its ending: ${FILES}
  --help            show this text

The classes, from the least to the worst:
none        nothing that the package exposes changed
version     only info.version changed
docs        only words changed: descriptions, titles, examples, tags, operationId, servers
compatible  existing code still compiles and works
breaking    some existing code stops compiling, or some calls stop working

Exit codes: 0 below --fail-on, 1 at or above it, 2 could not check.`

/** Runs the command; resolves with its exit code, and never rejects. */
export async function driftCommand(invocation: DriftInvocation): Promise<number> {
  try {
    const request = parse(invocation)
    return request.help ? say(invocation, HELP) : await check(invocation, request)
  } catch (error) {
    return fail(invocation, 'drift', error, 2)
  }
}

async function check(invocation: DriftInvocation, request: Request): Promise<number> {
  const { root, terminal, print } = invocation
  const { from, to, isUpstream } = request
  if (request.report) {
    await requireExpendable(request.report.path, [
      ...[PINNED, 'package.json'].map((name) => join(root, name)),
      ...(await namesIn(root, HISTORY)).map((name) => join(root, HISTORY, name)),
      ...(from === undefined ? [to] : [from, to]),
    ])
    await requireWritable(request.report.path)
    // A report of an earlier run is none of one that cannot check.
    await rm(request.report.path, { force: true })
  }
  const drift = await compare({ ...invocation, from, to, isUpstream })
  if (request.report) await writeReport(request.report, `${report(drift, request.report.format)}\n`)
  print(report(drift, request.format, terminal))
  return rank(drift.drift) >= rank(request.failOn) ? 1 : 0
}

/** A report takes the place of no file that the comparison reads. */
async function requireExpendable(path: string, needed: readonly string[]): Promise<void> {
  const places = await Promise.all(
    [path, ...needed].map((place) => realpath(place).catch(() => resolve(place))),
  )
  if (places.slice(1).some((place) => place === places[0]))
    throw new PipelineError(`cannot write the report ${path}: the comparison reads it; name another file`)
}

/** Before the comparison: nobody waits for a report that goes nowhere. */
async function requireWritable(path: string): Promise<void> {
  const folder = dirname(path)
  const refuse = (what: string): never => {
    throw new PipelineError(`cannot write the report ${path}: ${what}`)
  }
  const [home, file] = await Promise.all(
    [folder, path].map((place) =>
      stat(place).catch((error: unknown) => (isAbsence(error) ? undefined : refuse(fileFault(error)))),
    ),
  )
  if (home === undefined) refuse(`there is no folder ${folder}; make it first, or name a file elsewhere`)
  if (home?.isDirectory() === false) refuse(`${folder} is not a folder; name a file elsewhere`)
  if (file?.isDirectory()) refuse('it is a folder; name a file in it')
  await access(file ? path : folder, constants.W_OK).catch((error: unknown) => refuse(fileFault(error)))
}

function isAbsence(error: unknown): boolean {
  return ['ENOENT', 'ENOTDIR'].includes(String(valueAt(error, 'code')))
}

async function writeReport({ path }: ReportFile, text: string): Promise<void> {
  await writeFile(path, text).catch((error: unknown) => {
    throw new PipelineError(`cannot write the report ${path}: ${fileFault(error)}`, { cause: error })
  })
}

function parse(invocation: Invocation): Request {
  const values = optionsIn(invocation, {
    from: { type: 'string' },
    to: { type: 'string' },
    'fail-on': { type: 'string', default: 'docs' },
    format: { type: 'string', default: 'text' },
    report: { type: 'string' },
    help: { type: 'boolean', short: 'h', default: false },
  })
  return {
    ...sidesOf(values, invocation),
    failOn: oneOf('--fail-on', values['fail-on'], THRESHOLDS),
    format: oneOf('--format', values.format, FORMATS),
    report: values.report === undefined ? undefined : reportFile(values.report),
    help: values.help,
  }
}

/** A document against the pinned contract, or one side against another. */
function sidesOf(
  { from, to }: { from?: string | undefined; to?: string | undefined },
  invocation: Invocation,
): Pick<Request, 'from' | 'to' | 'isUpstream'> {
  if (to === undefined) return { from: undefined, to: sourceOf(from, invocation), isUpstream: true }
  for (const [option, name] of [['--from', from] as const, ['--to', to] as const]) {
    if (name === '') throw new Error(`${option} needs a digest, a version, a URL or a file`)
  }
  return { from, to, isUpstream: false }
}

function oneOf<Name extends string>(option: string, value: string, known: readonly Name[]): Name {
  const found = known.find((name) => name === value)
  if (found === undefined) throw new Error(`${option} is ${quoted(value)}, not one of ${known.join(', ')}`)
  return found
}

function reportFile(path: string): ReportFile {
  const format = ENDINGS.get(extname(path))
  if (format === undefined)
    throw new Error(`--report is ${quoted(path)}; it needs a file that ends with ${FILES}`)
  return { path, format }
}
