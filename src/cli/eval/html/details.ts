import { inOrder } from '../../../eval/index.ts'
import type { JudgedQuery } from '../../../eval/index.ts'
import { cut } from '../../text.ts'
import type { Gain, System } from '../report.ts'
import { signed } from '../table.ts'
import { html } from './html.ts'
import type { Html } from './html.ts'

/** Documents of a ranking that are shown. */
const MOST_DOCUMENTS = 10
const MOST_CHARACTERS = 220

/** The first stage and the reranked order of a query, side by side. */
export function queryDetails(
  gain: Gain,
  query: JudgedQuery,
  { system, before, anchor }: { system: System; before: readonly string[]; anchor: string },
): Html {
  const after = inOrder(system.evaluation?.run.get(gain.id) ?? new Map())
  const documents = new Map(
    query.documents.map((document, place) => [document.id ?? String(place + 1), document]),
  )
  const ranking = (order: readonly string[], other: readonly string[] | undefined): Html[] =>
    order.slice(0, MOST_DOCUMENTS).map((id, place) => {
      const { text = '', relevance } = documents.get(id) ?? {}
      const grade = relevance ?? 0
      const moved = other ? other.indexOf(id) - place : 0
      return html`<li${grade >= 1 ? html` class="relevant"` : ''}><span class="place">${place + 1}</span><span>${gradeMark(relevance)}</span><span>${cut(text, MOST_CHARACTERS)}${other && moved !== 0 ? html` <span class="moved">${moved > 0 ? `↑ ${moved}` : `↓ ${-moved}`}</span>` : ''}</span></li>`
    })
  return html`<details>
    <summary>
      <b class="${gain.gain < 0 ? 'worse' : 'better'}">${signed(gain.gain)}</b> <span>${query.query}</span>
    </summary>
    <div class="ranking pair" id="${anchor}">
      <div>
        <p>Before</p>
        <ol>
          ${ranking(before, undefined)}
        </ol>
      </div>
      <div>
        <p>After</p>
        <ol>
          ${ranking(after, before)}
        </ol>
      </div>
    </div>
  </details>`
}

/** A grade as dots, because most grades are small, or a question mark without a judgment. */
function gradeMark(relevance: number | undefined): Html {
  if (relevance === undefined) return html`<span class="moved" title="not judged">?</span>`
  const dots =
    Number.isInteger(relevance) && relevance <= 4 ? '●'.repeat(Math.max(relevance, 0)) : String(relevance)
  return html`<span class="grade" title="grade ${relevance}">${dots}</span>`
}
