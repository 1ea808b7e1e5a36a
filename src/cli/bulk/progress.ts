import type { RateLimiterState } from '../../bulk/index.ts'
import { isColoured, tell, write } from '../terminal.ts'
import type { Shell } from '../terminal.ts'

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
  rateLimiter: { readonly state: RateLimiterState },
): { stop: () => void } {
  const { stderr } = shell
  const started = performance.now()
  const draw = (text: string): void => void write(stderr, CLEAR + text).catch(() => undefined)
  const show = (): void => {
    const seconds = (performance.now() - started) / 1000
    const how = { total, seconds, rateLimiter: rateLimiter.state }
    if (!stderr.isTTY) void tell(shell, [progressLine(tally, how)])
    else draw(progressBar(tally, how, { columns: stderr.columns, coloured: isColoured(stderr, shell) }))
  }
  const timer = setInterval(show, stderr.isTTY ? 200 : 10_000)
  timer.unref()
  return {
    stop: () => {
      clearInterval(timer)
      if (stderr.isTTY) draw('')
    },
  }
}

const CLEAR = '\r\u001B[K'

/** The run in one line: jobs, failures, tokens and rate, and what an earlier run has left. */
export function summaryLine(
  tally: Readonly<Tally>,
  before: { done: number; failed: number },
  seconds: number,
): string {
  const { ranked, failed, tokens } = tally
  const jobs = ranked + failed
  const failedBefore = before.failed > 0 ? ` (${count(before.failed)} failed)` : ''
  const parts = [
    `${count(jobs)} ${jobs === 1 ? 'job' : 'jobs'}`,
    ...(failed > 0 ? [`${count(failed)} failed`] : []),
    ...(before.done > 0 ? [`${count(before.done)} done before${failedBefore}`] : []),
    `${count(tokens)} tokens`,
    `${(jobs / Math.max(seconds, 0.001)).toFixed(1)} a second`,
  ]
  return parts.join(', ')
}

/** How a run stands. */
export interface Standing {
  /** How many jobs there are, where that is known. */
  total: number | undefined
  seconds: number
  rateLimiter: Pick<RateLimiterState, 'cooldownMs'>
}

/** How the run stands, in one line. */
export function progressLine(
  { ranked, failed }: Readonly<Tally>,
  { total, seconds, rateLimiter }: Standing,
): string {
  const done = ranked + failed
  const rate = done / Math.max(seconds, 0.001)
  const parts = [
    total === undefined ? count(done) : `${count(done)} of ${count(total)}`,
    `${rate.toFixed(1)} a second`,
    ...(failed > 0 ? [`${count(failed)} failed`] : []),
    ...(rateLimiter.cooldownMs > 0
      ? [`the service asks to wait ${Math.ceil(rateLimiter.cooldownMs / 1000)} s`]
      : []),
    ...(total !== undefined && done > 0 && done < total
      ? [`${duration((total - done) / rate + rateLimiter.cooldownMs / 1000)} left`]
      : []),
  ]
  return parts.join(', ')
}

const BAR = 24
/** A terminal that does not know its width says 0. */
const USUAL_COLUMNS = 80

/** The same with a bar before it, where there is room for one, and cut to a terminal's width. */
export function progressBar(
  tally: Readonly<Tally>,
  standing: Standing,
  { columns, coloured }: { columns: number; coloured: boolean },
): string {
  const room = columns > 0 ? columns : USUAL_COLUMNS
  const line = progressLine(tally, standing)
  const { total } = standing
  if (total === undefined || total === 0 || room < 2 * BAR) return line.slice(0, room)
  return `${bar((tally.ranked + tally.failed) / total, coloured)}  ${line.slice(0, room - BAR - 2)}`
}

function bar(share: number, coloured: boolean): string {
  const filled = Math.min(Math.round(share * BAR), BAR)
  const [green, dim, plain] = coloured ? ['\u001B[32m', '\u001B[2m', '\u001B[0m'] : ['', '', '']
  return `${green}${'█'.repeat(filled)}${plain}${dim}${'░'.repeat(BAR - filled)}${plain}`
}

function duration(seconds: number): string {
  if (seconds < 90) return `${Math.ceil(seconds)} s`
  if (seconds < 90 * 60) return `${Math.round(seconds / 60)} min`
  return `${(seconds / 3600).toFixed(1)} h`
}

function count(n: number): string {
  return n.toLocaleString('en')
}
