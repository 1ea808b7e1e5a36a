import { inOrder, toRuns } from '../../../eval/index.ts'
import { money } from '../../cost/lines.ts'
import { extremes, verdict } from '../report.ts'
import type { Gain, Report, System } from '../report.ts'
import { floored, percent, signed } from '../table.ts'
import { gainsChart, intervalBar, pairOfBars, thresholdChart } from './charts.ts'
import { queryDetails } from './details.ts'
import { html, Html } from './html.ts'
import { STYLE } from './style.ts'

/** A report as one file, which loads nothing and contains no scripts. */
export function htmlReport(report: Report): string {
  const { baseline, systems, measures, title } = report
  const count = baseline.queries.size
  const [only] = systems
  const [measure = ''] = measures
  const compared = only?.compared.measures[measure]
  const headline =
    systems.length === 1 && compared ? verdict(measure, compared) : `${count} queries of ${title}, measured`
  return html`<!doctype html>
    <html lang="en">
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta http-equiv="content-security-policy" content="default-src 'none'; style-src 'unsafe-inline'" />
      <title>${headline}</title>
      <style>
        ${new Html(STYLE)}
      </style>
      <header>
        <h1>${headline}</h1>
        <p class="quiet">${count} ${count === 1 ? 'query' : 'queries'}, ${baseline.name}</p>
      </header>
      <main>
        ${systems.length === 0 ? valuesTable(report) : systems.map((system, place) => systemSection(system, place, report))}
      </main>
      <footer>
        Measured by trec_eval’s definitions. Intervals hold 95% and come from a paired bootstrap over the
        queries.
      </footer>
    </html> `.text
}

function valuesTable({ measures, baseline }: Report): Html {
  return html`<table>
    <tbody>
      ${measures.map(
        (name) =>
          html`<tr>
            <td>${name}</td>
            <td>${(baseline.mean[name] ?? 0).toFixed(4)}</td>
          </tr>`,
      )}
    </tbody>
  </table>`
}

function systemSection(system: System, place: number, report: Report): Html {
  const { measures, texts } = report
  const { compared, evaluation } = system
  const [measure = ''] = measures
  const { helped, hurt } = extremes(compared.queries, measure)
  const queries = new Map(texts.map((query) => [query.id, query]))
  const { run } = toRuns(texts)
  const anchors = new Map(
    [...helped, ...hurt]
      .filter(({ id }) => queries.has(id))
      .map(({ id }, index) => [id, `q${place + 1}-${index + 1}`]),
  )
  const detail = ({ id, gain }: Gain): Html => {
    const query = queries.get(id)
    const anchor = anchors.get(id)
    if (!query || anchor === undefined) return html``
    return queryDetails({ id, gain }, query, { system, before: inOrder(run.get(id) ?? new Map()), anchor })
  }
  const bars = compared.queries
    .map(({ id, before, after }) => ({
      gain: (after[measure] ?? 0) - (before[measure] ?? 0),
      label: queries.get(id)?.query ?? id,
      anchor: anchors.get(id),
    }))
    .sort((a, b) => b.gain - a.gain)
  const list = (gains: readonly Gain[]): Html[] =>
    gains.map((gain) => gainItem(gain, queries.get(gain.id)?.query, anchors.get(gain.id)))

  return html`<section class="system">
    <h2>${system.name}</h2>
    <p class="key">
      <span style="--colour: var(--before)">before</span><span style="--colour: var(--accent)">after</span>
    </p>
    <div class="scroll">
      <table>
        <thead>
          <tr>
            <th></th>
            <th></th>
            <th class="number">before</th>
            <th class="number">after</th>
            <th class="number">difference</th>
            <th>95% interval</th>
            <th>wins, ties, losses</th>
          </tr>
        </thead>
        <tbody>
          ${measureRows(system, measures)}
        </tbody>
      </table>
    </div>
    ${evaluation ? html`<p class="quiet">${facts(system)}</p>` : ''}
    <h3>Each query, by ${measure}</h3>
    <div class="scroll">${gainsChart(bars)}</div>
    <div class="pair">
      <div>
        ${
          helped.length > 0
            ? html`<h3>Helped most</h3>
                <ol class="gains">
                  ${list(helped)}
                </ol>`
            : ''
        }
      </div>
      <div>
        ${
          hurt.length > 0
            ? html`<h3>Hurt most</h3>
                <ol class="gains">
                  ${list(hurt)}
                </ol>`
            : ''
        }
      </div>
    </div>
    ${evaluation && evaluation.curve.length > 1 ? thresholdPart(system) : ''}
    ${
      anchors.size > 0
        ? html`<h3>These queries in detail</h3>
            ${[...helped, ...hurt].map(detail)}`
        : ''
    }
  </section>`
}

function measureRows({ compared }: System, measures: readonly string[]): Html[] {
  const rows = measures.flatMap((name) => {
    const comparison = compared.measures[name]
    return comparison ? [{ name, ...comparison }] : []
  })
  const reach = Math.max(0.01, ...rows.flatMap(({ interval }) => interval.map(Math.abs)))
  return rows.map((row) => {
    const [low, high] = row.interval
    const colour = low > 0 ? 'better' : high < 0 ? 'worse' : ''
    return html`<tr>
      <td>${row.name}</td>
      <td>${pairOfBars(row)}</td>
      <td class="number">${row.before.toFixed(4)}</td>
      <td class="number">${row.after.toFixed(4)}</td>
      <td class="number ${colour}">${signed(row.difference)}</td>
      <td>${intervalBar(row, reach)}</td>
      <td>${row.wins}, ${row.ties}, ${row.losses}</td>
    </tr>`
  })
}

function gainItem({ id, gain }: Gain, query: string | undefined, anchor: string | undefined): Html {
  const words = query ?? id
  const text = anchor === undefined ? html`<span>${words}</span>` : html`<a href="#${anchor}">${words}</a>`
  return html`<li><b class="${gain < 0 ? 'worse' : 'better'}">${signed(gain)}</b> ${text}</li>`
}

function thresholdPart({ evaluation, isLexical }: System): Html {
  if (!evaluation) return html``
  const rows = evaluation.thresholds.map(
    ({ keeps, score, drops }) =>
      html`<p>
        A threshold of ${floored(score)} keeps ${percent(keeps)} of the relevant documents and drops
        ${percent(drops)} of the others.
      </p>`,
  )
  return html`<h3>By score threshold</h3>
    <p class="key">
      <span style="--colour: var(--accent)">precision: relevant among those kept</span
      ><span style="--colour: var(--before)">recall: kept among the relevant</span>
    </p>
    <div class="scroll">${thresholdChart(evaluation)}</div>
    ${rows}
    ${isLexical ? html`<p class="quiet">Scores by words can be compared only within one query, so do not take a threshold from them.</p>` : ''}`
}

function facts({ evaluation, cost, currency, isLexical }: System): string {
  if (!evaluation) return ''
  const { latencyMs, tokens, failed } = evaluation
  const paid = isLexical
    ? 'no cost'
    : cost === undefined
      ? 'cost unknown'
      : `cost ${money(cost)} ${currency ?? ''}`.trimEnd()
  const failures = failed.length > 0 ? `; ${failed.length} failed and keep their order` : ''
  return `Half of the requests took ${Math.ceil(latencyMs.p50)} ms or less, 95% took ${Math.ceil(latencyMs.p95)} ms or less; ${tokens.toLocaleString('en')} tokens, ${paid}${failures}.`
}
