import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { availableParallelism, cpus, loadavg, totalmem } from 'node:os'
import { fileURLToPath } from 'node:url'
import { format, resolveConfig } from 'prettier'
import { CALLERS, OURS } from './callers.ts'
import type { Part } from './parts.ts'
import type { Goal, Report, Table } from './report.ts'

/** What came of a part, by its scripts. */
export interface Outcome {
  part: Part
  told: { text: string; report: Report }[]
}

/** The kind of machine, and how busy it was. */
export interface Machine {
  kind: string
  load: number
  cores: number
}

/** The commit that is checked out, and whether something was changed since; nothing where git can't tell. */
export function commit(): string | undefined {
  try {
    const name = git('rev-parse', '--short', 'HEAD')
    // The results of a run before are no change to what is measured.
    const changes = git('status', '--porcelain', '--', '.', ':!bench/RESULTS.md')
    return changes === '' ? name : `${name} with changes`
  } catch {
    return undefined
  }
}

/** This machine, now. */
export function machine(): Machine {
  const cores = availableParallelism()
  const model = cpus()[0]?.model.trim() ?? 'an unknown processor'
  const memory = `${Math.round(totalmem() / 2 ** 30)} GiB`
  return { kind: `${cores} × ${model}, ${memory}, ${process.platform}`, load: loadavg()[0] ?? NaN, cores }
}

/**
 * The text of RESULTS.md.
 *
 * @param from - The commit that was measured.
 */
export async function render(
  outcomes: readonly Outcome[],
  { kind, load, cores }: Machine,
  from: string | undefined,
  minutes: number,
): Promise<string> {
  const reports = outcomes.flatMap(({ told }) => told.map(({ report }) => report))
  const goals = reports.flatMap((report) => report.goals ?? [])
  const losses = reports.flatMap((report) => report.losses ?? [])
  const text = [
    '# Benchmarks',
    'Written by `npm run bench`; run it to see how things stand on your machine.',
    `Measured${from === undefined ? '' : ` at commit ${from}`} on ${new Date().toISOString().slice(0, 10)}, in ${minutes.toFixed(0)} minutes, with Node ${process.version} on ${kind}. ${quiet(load, cores)}`,
    `Compared are ${versions().join(', ')}; the \`fetch\` of this Node is undici ${process.versions['undici'] ?? 'of an unknown version'}.`,
    '## Goals',
    goals.map(goalLine).join('\n'),
    '## Where others do better',
    losses.length === 0 ? 'Nowhere.' : losses.map((line) => `- ${line}.`).join('\n'),
    ...outcomes.flatMap(sectionOf),
  ].join('\n\n')
  return format(text, {
    ...(await resolveConfig(new URL('RESULTS.md', import.meta.url))),
    parser: 'markdown',
  })
}

function sectionOf({ part, told }: Outcome): string[] {
  return [
    `## ${part.title}`,
    part.about,
    ...told.flatMap(({ text, report: { tables } }) =>
      tables
        ? tables.flatMap((table) => [`${table.title}:`, markdown(table)])
        : [`\`\`\`text\n${plain(text)}\n\`\`\``],
    ),
  ]
}

/** Without the goals, which have been told. */
function plain(text: string): string {
  return text.replaceAll(/\n(?:NOT MET|met): .*\n/g, '').trim()
}

function goalLine({ text, isMet, found, why }: Goal): string {
  const verdict = isMet ? 'Met' : '**Missed**'
  return `- ${verdict}: ${text}. Found: ${found}.${isMet || why === undefined ? '' : ` Why: ${why}.`}`
}

function markdown({ columns, rows }: Table): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  return [line(columns), line(columns.map((_, at) => (at === 0 ? '---' : '--:'))), ...rows.map(line)].join(
    '\n',
  )
}

function quiet(load: number, cores: number): string {
  const said = `${load.toFixed(1)} processes ran or waited to when it began`
  return load < 0.75 * cores
    ? `It was quiet: ${said}.`
    : `**It was busy: ${said}, so trust no absolute time here.**`
}

/** Names and versions of the packages that are compared, our own first. */
function versions(): string[] {
  const own = read('../package.json') as { version: string }
  const { packages } = read('callers/package-lock.json') as { packages: Record<string, { version?: string }> }
  const others = CALLERS.flatMap((caller) => {
    const version = packages[`node_modules/${caller}`]?.version
    return version === undefined ? [] : [`${caller} ${version}`]
  })
  return [`${OURS} ${own.version}`, ...others]
}

function git(...args: readonly string[]): string {
  const cwd = fileURLToPath(new URL('..', import.meta.url))
  return execFileSync('git', args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim()
}

function read(name: string): unknown {
  return JSON.parse(readFileSync(new URL(name, import.meta.url), 'utf8')) as unknown
}
