import type { Comparison, ScoreSummary } from '../../../eval/index.ts'
import { percent, signed } from '../table.ts'
import { html } from './html.ts'
import type { Html } from './html.ts'

/** A value before, above the same after, on a scale from 0 to 1. */
export function pairOfBars({ before, after }: Comparison): Html {
  const [width, height] = [200, 22]
  return html`<svg
    viewBox="0 0 ${width} ${height}"
    width="${width}"
    height="${height}"
    role="img"
    aria-label="${before.toFixed(4)} before, ${after.toFixed(4)} after"
  >
    <rect class="before" y="2" width="${at(before * width)}" height="7" rx="1.5" />
    <rect class="after" y="12" width="${at(after * width)}" height="7" rx="1.5" />
  </svg>`
}

/** An interval around its mean, on a scale that is `reach` in either direction. */
export function intervalBar({ difference, interval: [low, high] }: Comparison, reach: number): Html {
  const [width, height] = [160, 22]
  const x = (value: number): string => at(width / 2 + (value / reach) * (width / 2 - 6))
  return html`<svg
    viewBox="0 0 ${width} ${height}"
    width="${width}"
    height="${height}"
    role="img"
    aria-label="from ${signed(low)} to ${signed(high)}"
  >
    <line class="zero" x1="${width / 2}" x2="${width / 2}" y1="0" y2="${height}" />
    <line class="range" x1="${x(low)}" x2="${x(high)}" y1="11" y2="11" />
    <line class="range" x1="${x(low)}" x2="${x(low)}" y1="7" y2="15" />
    <line class="range" x1="${x(high)}" x2="${x(high)}" y1="7" y2="15" />
    <circle class="mean" cx="${x(difference)}" cy="11" r="3.5" />
  </svg>`
}

/** A bar of the chart of gains. */
export interface GainBar {
  gain: number
  label: string
  /** The part of the report that the bar leads to, if any. */
  anchor: string | undefined
}

/** The most bars that a reader can distinguish. */
const MOST_BARS = 240

/** The gain of each query, the greatest first. Reranking improved the queries above the line, and worsened those below. */
export function gainsChart(bars: readonly GainBar[]): Html {
  const [width, height, left] = [864, 200, 44]
  const shown = bars.length <= MOST_BARS ? bars : thinned(bars)
  const reach = Math.max(0.05, ...shown.map(({ gain }) => Math.abs(gain)))
  const y = (gain: number): number => height / 2 - (gain / reach) * (height / 2 - 12)
  const step = (width - left) / Math.max(shown.length, 12)
  const thickness = Math.max(step * 0.72, 1)
  const rects = shown.map(({ gain, label, anchor }, place) => {
    const top = Math.min(y(gain), y(0))
    const tall = Math.max(Math.abs(y(gain) - y(0)), 1)
    const rect = html`<rect
      class="${gain < 0 ? 'fall' : 'after'}"
      x="${at(left + place * step)}"
      y="${at(top)}"
      width="${at(thickness)}"
      height="${at(tall)}"
      rx="1"
      ><title>${signed(gain)} ${label}</title></rect
    >`
    return anchor === undefined ? rect : html`<a href="#${anchor}">${rect}</a>`
  })
  return html`<svg
    viewBox="0 0 ${width} ${height}"
    width="${width}"
    height="${height}"
    role="img"
    aria-label="The gain of each query"
  >
    ${[reach, 0, -reach].map(
      (gain) =>
        html`<text x="${left - 8}" y="${at(y(gain) + 4)}" text-anchor="end"
            >${gain === 0 ? '0' : signed(gain).slice(0, 5)}</text
          >
          <line
            class="${gain === 0 ? 'zero' : 'axis'}"
            x1="${left}"
            x2="${width}"
            y1="${at(y(gain))}"
            y2="${at(y(gain))}"
          />`,
    )}
    ${rects}
  </svg>`
}

/** Precision and recall by threshold, with the thresholds that keep most of what is relevant. */
export function thresholdChart({ curve, thresholds }: ScoreSummary): Html {
  const [width, height, left, bottom, top] = [864, 260, 44, 28, 26]
  const [low, high] = [curve[0]?.score ?? 0, curve[curve.length - 1]?.score ?? 1]
  const x = (score: number): number => left + ((score - low) / (high - low || 1)) * (width - left - 8)
  const y = (share: number): number => height - bottom - share * (height - bottom - top)
  const path = (share: (point: (typeof curve)[number]) => number): string =>
    curve
      .map((point, place) => `${place === 0 ? 'M' : 'L'}${at(x(point.score))} ${at(y(share(point)))}`)
      .join('')
  const shares = [0, 0.25, 0.5, 0.75, 1].map(
    (share) =>
      html`<text x="${left - 8}" y="${at(y(share) + 4)}" text-anchor="end">${percent(share)}</text>
        <line class="axis" x1="${left}" x2="${width}" y1="${at(y(share))}" y2="${at(y(share))}" />`,
  )
  const ticks = [0, 0.25, 0.5, 0.75, 1].map((part) => {
    const score = low + part * (high - low)
    const anchor = part === 0 ? 'start' : part === 1 ? 'end' : 'middle'
    return html`<text x="${at(part === 1 ? width : x(score))}" y="${height - 8}" text-anchor="${anchor}"
      >${tick(score, high - low)}</text
    >`
  })
  const scores = [...new Set(thresholds.map(({ score }) => score))]
  const marks = scores.map((score, place) => {
    const kept = thresholds.filter((each) => each.score === score).map(({ keeps }) => percent(keeps))
    // Labels of marks close to each other go on two sides.
    const isLeft = place > 0 && x(score) > left + 90
    return html`<line
        class="mark"
        x1="${at(x(score))}"
        x2="${at(x(score))}"
        y1="${top - 18}"
        y2="${height - bottom}"
      />
      <text x="${at(x(score) + (isLeft ? -6 : 6))}" y="${top - 10}" text-anchor="${isLeft ? 'end' : 'start'}">
        keeps ${kept.join(' and ')}
      </text>`
  })
  return html`<svg
    viewBox="0 0 ${width} ${height}"
    width="${width}"
    height="${height}"
    role="img"
    aria-label="Precision and recall by score threshold"
  >
    ${shares} ${ticks} ${marks}
    <path class="recall" d="${path(({ recall }) => recall)}" />
    <path class="precision" d="${path(({ precision }) => precision)}" />
  </svg>`
}

/** A label with enough digits to differ from its neighbours. */
function tick(score: number, range: number): string {
  const digits = range > 0 ? Math.max(0, 1 - Math.floor(Math.log10(range))) : 2
  return score.toFixed(Math.min(digits, 12))
}

function thinned(bars: readonly GainBar[]): GainBar[] {
  const step = (bars.length - 1) / (MOST_BARS - 1)
  return Array.from({ length: MOST_BARS }, (_, place) => bars[Math.round(place * step)]).filter(
    (bar) => bar !== undefined,
  )
}

function at(length: number): string {
  return String(Number(length.toFixed(1)))
}
