import type { PaceState } from '../bulk/index.ts'
import { isColoured } from './shell.ts'
import type { Shell } from './shell.ts'

/** What has been done so far. */
export interface Tally {
  ranked: number
  failed: number
  tokens: number
}

/** Shows how a long run goes, until it is stopped: a bar on a terminal, a line now and then elsewhere. */
export function showProgress(
  shell: Shell,
  tally: Readonly<Tally>,
  total: number | undefined,
  pace: { readonly state: PaceState },
): { stop: () => void } {
  const { stderr } = shell
  const started = performance.now()
  const show = (): void => {
    const line = progressLine(tally, {
      total,
      seconds: (performance.now() - started) / 1000,
      pace: pace.state,
    })
    if (!stderr.isTTY) stderr.write(`${line}\n`)
    else
      stderr.write(
        `\r\u001B[K${bar(tally, total, isColoured(stderr, shell))}${line.slice(0, stderr.columns - BAR - 2)}`,
      )
  }
  const timer = setInterval(show, stderr.isTTY ? 200 : 10_000)
  timer.unref()
  return {
    stop: () => {
      clearInterval(timer)
      if (stderr.isTTY) stderr.write('\r\u001B[K')
    },
  }
}

/** The run in one line: jobs, failures, tokens and rate. */
export function summaryLine(tally: Readonly<Tally>, before: number, seconds: number): string {
  const { ranked, failed, tokens } = tally
  const parts = [
    `${count(ranked + failed)} jobs`,
    ...(failed > 0 ? [`${count(failed)} failed`] : []),
    ...(before > 0 ? [`${count(before)} done before`] : []),
    `${count(tokens)} tokens`,
    `${((ranked + failed) / Math.max(seconds, 0.001)).toFixed(1)} a second`,
  ]
  return parts.join(', ')
}

/** How the run stands, in one line. */
export function progressLine(
  { ranked, failed }: Readonly<Tally>,
  {
    total,
    seconds,
    pace,
  }: { total: number | undefined; seconds: number; pace: Pick<PaceState, 'cooldownMs'> },
): string {
  const done = ranked + failed
  const rate = done / Math.max(seconds, 0.001)
  const parts = [
    total === undefined ? count(done) : `${count(done)} of ${count(total)}`,
    `${rate.toFixed(1)} a second`,
    ...(failed > 0 ? [`${count(failed)} failed`] : []),
    ...(pace.cooldownMs > 0 ? [`the service asks to wait ${Math.ceil(pace.cooldownMs / 1000)} s`] : []),
    ...(total !== undefined && done > 0 && done < total ? [`${duration((total - done) / rate)} left`] : []),
  ]
  return parts.join(', ')
}

const BAR = 24

function bar({ ranked, failed }: Readonly<Tally>, total: number | undefined, coloured: boolean): string {
  if (total === undefined || total === 0) return ''
  const filled = Math.min(Math.round(((ranked + failed) / total) * BAR), BAR)
  const [green, dim, plain] = coloured ? ['\u001B[32m', '\u001B[2m', '\u001B[0m'] : ['', '', '']
  return `${green}${'█'.repeat(filled)}${plain}${dim}${'░'.repeat(BAR - filled)}${plain}  `
}

function duration(seconds: number): string {
  if (seconds < 90) return `${Math.ceil(seconds)} s`
  if (seconds < 90 * 60) return `${Math.round(seconds / 60)} min`
  return `${(seconds / 3600).toFixed(1)} h`
}

function count(n: number): string {
  return n.toLocaleString('en')
}
