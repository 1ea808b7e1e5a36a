import type { RateLimiterState } from '../../bulk/index.ts'
import { money } from '../cost/lines.ts'
import { isColoured, tell, write } from '../terminal.ts'
import type { Shell } from '../terminal.ts'

/** The counts of a run so far. */
export interface Tally {
  ranked: number
  failed: number
  tokens: number
  /** The price of a million tokens, if it is known. */
  pricePerMillion?: number | undefined
}

/** The facts of a rate limiter that a progress line needs. */
type Limiter = Pick<RateLimiterState, 'rateLimited' | 'cooldownMs'> &
  Partial<Pick<RateLimiterState, 'requests' | 'requestsPerMinute'>>

/** Shows the progress of a run until it is stopped: a bar in a terminal, and occasional lines elsewhere. */
export function showProgress(
  shell: Shell,
  tally: Readonly<Tally>,
  total: number | undefined,
  rateLimiter: { readonly state: Limiter },
): { stop: () => void } {
  const { stderr } = shell
  const rate = createRecentRate(performance.now())
  let said = ''
  const draw = (text: string): void => void write(stderr, CLEAR + text).catch(() => undefined)
  const show = (): void => {
    const perSecond = rate.at(performance.now(), tally.ranked + tally.failed)
    const standing = { total, perSecond, limiter: rateLimiter.state }
    if (!stderr.isTTY) {
      const line = progressLine(tally, standing)
      // One that idles has nothing new to say.
      if (line !== said) void tell(shell, [line])
      said = line
    } else {
      draw(progressBar(tally, standing, { columns: stderr.columns, coloured: isColoured(stderr, shell) }))
    }
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

/** The seconds that a rate is measured over: a pause shows soon, and a single slow job does not. */
const RECENT_MS = 15_000

/** Counts a second, over the last seconds. */
export function createRecentRate(start: number): { at: (now: number, count: number) => number } {
  const samples = [{ now: start, count: 0 }]
  return {
    at(now, count) {
      samples.push({ now, count })
      while (samples.length > 2 && now - (samples[1]?.now ?? now) >= RECENT_MS) samples.shift()
      const first = samples[0] ?? { now, count }
      return ((count - first.count) * 1000) / Math.max(now - first.now, 1)
    },
  }
}

/** The run in one line: jobs, failures, tokens and rate, and the jobs of earlier runs. */
export function summaryLine(
  tally: Readonly<Tally>,
  before: { done: number; failed: number },
  seconds: number,
): string {
  const { ranked, failed } = tally
  const jobs = ranked + failed
  const failedBefore = before.failed > 0 ? ` (${count(before.failed)} failed)` : ''
  const parts = [
    `${count(jobs)} ${jobs === 1 ? 'job' : 'jobs'}`,
    ...(failed > 0 ? [`${count(failed)} failed`] : []),
    ...(before.done > 0 ? [`${count(before.done)} already done${failedBefore}`] : []),
    tokensOf(tally),
    `${(jobs / Math.max(seconds, 0.001)).toFixed(1)} jobs/s`,
  ]
  return parts.join(', ')
}

/** The standing of a run. */
export interface Standing {
  /** The number of jobs, if it is known. */
  total: number | undefined
  /** Jobs a second, of late. */
  perSecond: number
  limiter: Limiter
}

/** Returns the standing of the run in one line. */
export function progressLine(tally: Readonly<Tally>, { total, perSecond, limiter }: Standing): string {
  const { ranked, failed, tokens } = tally
  const done = ranked + failed
  const rest = total === undefined ? 0 : Math.max(total - done, 0)
  const { rateLimited, cooldownMs } = limiter
  const parts = [
    total === undefined ? count(done) : `${count(done)} of ${count(total)}`,
    `${perSecond.toFixed(1)} jobs/s`,
    ...(failed > 0 ? [`${count(failed)} failed`] : []),
    ...(rateLimited > 0 ? [`${count(rateLimited)} rate-limited`] : []),
    ...(cooldownMs > 0 ? [`the service asks to wait ${Math.ceil(cooldownMs / 1000)} s`] : []),
    ...(rest > 0 && perSecond > 0 ? [`${duration(secondsFor(rest, perSecond, limiter))} left`] : []),
    ...(tokens > 0 ? [tokensOf(tally)] : []),
  ]
  return parts.join(', ')
}

/** As long as they take at the rate of late, and no less than the limit lets them: a burst at first is not a rate. */
function secondsFor(
  jobs: number,
  perSecond: number,
  { cooldownMs, requests, requestsPerMinute }: Limiter,
): number {
  const limited = (60 * (jobs - (requests?.level ?? 0))) / (requestsPerMinute ?? Infinity)
  return Math.max(jobs / perSecond, limited) + cooldownMs / 1000
}

/** The tokens used, and their cost if the price is known. */
function tokensOf({ tokens, pricePerMillion }: Readonly<Tally>): string {
  const cost = pricePerMillion === undefined ? '' : ` for ${money((tokens / 1e6) * pricePerMillion)}`
  return `${count(tokens)} tokens${cost}`
}

const BAR = 24
/** A terminal that does not know its width says 0. */
const USUAL_COLUMNS = 80

/** The progress line with a bar, if there is room for one, truncated to the width of the terminal. */
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
