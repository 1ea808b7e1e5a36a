import { readFlags } from '../flags.ts'
import { isColoured, tell, writeLines } from '../terminal.ts'
import type { Shell } from '../terminal.ts'
import { checkWritable, writeWhole } from '../whole-file.ts'
import { readSource } from './collection.ts'
import { compareSystems } from './compare-systems.ts'
import { belowLimits, readLimits } from './fail-under.ts'
import { checkFlags, FLAGS, readMeasuring, refuseRerankingFlags } from './flags.ts'
import type { EvalFlags } from './flags.ts'
import { htmlReport } from './html/report.ts'
import { refuseMixing } from './refuse-mixing.ts'
import { reportJson } from './report.ts'
import type { Report } from './report.ts'
import { rerankReport } from './rerank.ts'
import { reportLines } from './table.ts'

/** Measures rankings, and how reranking changes them. */
export async function evalCommand(shell: Shell): Promise<number> {
  const { values: flags, positionals } = readFlags(shell.args, FLAGS)
  const limits = readLimits(flags['fail-under'] ?? [])
  const measuring = readMeasuring(flags, [...limits.keys()])
  checkFlags(flags)
  for (const path of [flags.output, flags.html]) if (path !== undefined) await checkWritable(path)
  await refuseMixing(positionals, flags, shell)
  const source = await readSource(positionals, flags, shell.stdin)
  if (source.queries === undefined) {
    refuseRerankingFlags(flags)
    return show(compareSystems(source, measuring), limits, { flags, shell })
  }
  const report = await rerankReport(source, { flags, measuring, shell })
  return typeof report === 'number' ? report : show(report, limits, { flags, shell })
}

async function show(
  report: Report,
  limits: ReadonlyMap<string, number>,
  { flags, shell }: { flags: EvalFlags; shell: Shell },
): Promise<number> {
  if (flags.html !== undefined) await writeWhole(flags.html, htmlReport(report))
  const { stdout } = shell
  const look = { columns: stdout.isTTY ? stdout.columns || 80 : 100, coloured: isColoured(stdout, shell) }
  await writeLines(
    shell,
    flags.json ? [JSON.stringify(reportJson(report), null, 2)] : reportLines(report, look),
  )
  const below = belowLimits(report, limits)
  if (below.length > 0) await tell(shell, below)
  return below.length > 0 || report.systems.some(({ evaluation }) => (evaluation?.failed.length ?? 0) > 0)
    ? 1
    : 0
}
