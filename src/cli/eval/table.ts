import type { ScoreThreshold } from '../../eval/index.ts'
import { money } from '../cost/lines.ts'
import { inFlags } from '../failure.ts'
import { cut, printable } from '../text.ts'
import { extremes, verdict } from './report.ts'
import type { Gain, Report, System } from './report.ts'

/** The width and colours of a table. */
export interface Look {
  columns: number
  coloured: boolean
}

type Paint = (text: string) => string

/** The report by lines, for a terminal or a file. */
export function reportLines(report: Report, { columns, coloured }: Look): string[] {
  const paint = (code: number): Paint =>
    coloured ? (text) => `\u001B[${code}m${text}\u001B[0m` : (text) => text
  const colours = { dim: paint(2), green: paint(32), red: paint(31) }
  const { baseline, systems, measures } = report
  const count = baseline.queries.size
  const queries = `${count} ${count === 1 ? 'query' : 'queries'}`
  if (systems.length === 0) {
    const width = Math.max(...measures.map(({ length }) => length))
    const rows = measures.map((name) => `${name.padEnd(width)}  ${(baseline.mean[name] ?? 0).toFixed(4)}`)
    return [`${printable(baseline.name)}, ${queries}`, '', ...rows]
  }
  return systems.flatMap((system, place) => [
    ...(place > 0 ? [''] : []),
    `${printable(baseline.name)} → ${printable(system.name)}, ${queries}`,
    '',
    ...comparisonLines(system, measures, colours),
    '',
    ...verdictLines(system, measures),
    ...factLines(system).map(colours.dim),
    ...extremeLines(system, report, { columns, ...colours }),
  ])
}

interface Colours {
  dim: Paint
  green: Paint
  red: Paint
}

function comparisonLines(
  { compared }: System,
  measures: readonly string[],
  { dim, green, red }: Colours,
): string[] {
  const width = Math.max(...measures.map(({ length }) => length))
  const heading = `${''.padEnd(width)}  before   after   difference         95% interval   wins  ties  losses`
  const rows = measures.flatMap((name) => {
    const comparison = compared.measures[name]
    if (!comparison) return []
    const { before, after, difference, interval, wins, ties, losses } = comparison
    const [low, high] = interval
    // Beyond chance in either direction; else it is said without a colour.
    const colour = low > 0 ? green : high < 0 ? red : (text: string) => text
    const range = `[${signed(low)}, ${signed(high)}]`
    const tally = [String(wins).padStart(6), String(ties).padStart(5), String(losses).padStart(7)].join(' ')
    return [
      `${name.padEnd(width)}  ${before.toFixed(4)}  ${after.toFixed(4)}     ${colour(signed(difference))}   ${range.padStart(18)} ${tally}`,
    ]
  })
  return [dim(heading), ...rows]
}

function verdictLines({ compared }: System, [measure = '']: readonly string[]): string[] {
  const comparison = compared.measures[measure]
  return comparison ? [verdict(measure, comparison)] : []
}

function factLines({ evaluation, cost, currency, isLexical }: System): string[] {
  if (!evaluation) return []
  const { thresholds, latencyMs, tokens, failed } = evaluation
  const paid = isLexical
    ? 'no cost'
    : cost === undefined
      ? 'cost unknown (give --price PER_MILLION)'
      : `cost ${money(cost)} ${currency ?? ''}`.trimEnd()
  return [
    ...distinct(thresholds).map(thresholdLine),
    ...(isLexical && thresholds.length > 0
      ? ['Scores by words can be compared only within one query, so do not take a threshold from them']
      : []),
    `Request latency: median ${ms(latencyMs.p50)}, 95th percentile ${ms(latencyMs.p95)}; ${tokens.toLocaleString('en')} tokens, ${paid}`,
    ...(failed.length > 0
      ? [
          `${failed.length} failed and keep their order. The first is ${printable(failed[0]?.id ?? '')}: ${printable(inFlags(failed[0]?.error.message ?? ''))}`,
        ]
      : []),
  ]
}

/** Of thresholds that coincide, the one that keeps most. */
function distinct(thresholds: readonly ScoreThreshold[]): ScoreThreshold[] {
  return thresholds.filter(({ score }, place) => thresholds[place + 1]?.score !== score)
}

function thresholdLine({ keeps, score, drops }: ScoreThreshold): string {
  return `Threshold ${floored(score)} keeps ${percent(keeps)} of the relevant documents and drops ${percent(drops)} of the others`
}

function extremeLines(
  { compared }: System,
  { measures, texts }: Report,
  { columns, dim, green, red }: Colours & { columns: number },
): string[] {
  const [measure = ''] = measures
  const { helped, hurt } = extremes(compared.queries, measure)
  const queryOf = new Map(texts.map(({ id, query }) => [id, query]))
  const rows = (gains: readonly Gain[], colour: Paint): string[] =>
    gains.map(({ id, gain }) => {
      const text = queryOf.get(id)
      const words = text === undefined ? printable(id) : `${printable(id)}  ${printable(text)}`
      return `  ${colour(signed(gain))}  ${cut(words, Math.max(columns - 12, 20))}`
    })
  return [
    ...(helped.length > 0 ? ['', dim(`Helped most, by ${measure}`), ...rows(helped, green)] : []),
    ...(hurt.length > 0 ? ['', dim(`Hurt most, by ${measure}`), ...rows(hurt, red)] : []),
  ]
}

/** A number with its sign, a minus as wide as a plus. */
export function signed(value: number): string {
  const text = Math.abs(value).toFixed(4)
  if (Number(text) === 0) return ` ${text}`
  return `${value < 0 ? '−' : '+'}${text}`
}

/** A threshold with four digits, never above itself: as printed, it still keeps what it keeps. */
export function floored(score: number): string {
  if (score === 0) return '0'
  const scale = 10 ** (3 - Math.floor(Math.log10(Math.abs(score))))
  return String(Number((Math.floor(score * scale) / scale).toPrecision(4)))
}

/** A share in percent, without digits that say nothing. */
export function percent(share: number): string {
  return `${Number((share * 100).toFixed(share > 0.99 && share < 1 ? 1 : 0))}%`
}

function ms(value: number): string {
  return value < 10 ? `${value.toFixed(1)} ms` : `${Math.round(value).toLocaleString('en')} ms`
}
