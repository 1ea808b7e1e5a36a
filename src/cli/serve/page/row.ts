import { button, element } from './dom.ts'
import type { Placed } from './order.ts'

/** A row of a ranking, and what can be changed of it. */
export interface Row {
  item: HTMLLIElement
  /** The whole text, for finding. */
  text: string
  /** The score that the threshold is compared with. */
  score: number
  /** Shows the text, with what is found in it marked. */
  mark: (wanted: string) => void
  /** Shows whether the text fits. */
  setClamped: (isClamped: boolean) => void
  body: HTMLElement
}

/** A document's place and score by one request. */
export interface Figures {
  placed: Placed
  /** Places that the document rose; fewer than none if it fell. */
  rose: number
  /** Its place before, in the list or by the other side. */
  before: number
  share: number
  side: '' | 'A' | 'B'
}

/** Characters that are laid out before the reader asks for more: three lines hold fewer. */
const EXCERPT = 600

/** Characters before what is marked with which it still fits the first lines. */
const LEAD = 80

/** Makes the row of a document. A document is always shown as text, never as HTML. */
export function createRow(document: string, figures: readonly Figures[], lead = figures[0]?.placed): Row {
  const item = element('li')
  const body = element('div', 'text')
  body.dir = 'auto'
  let isWhole = false
  let wanted = ''
  const more = button('link more', 'More', () => {
    isWhole = !isWhole
    item.classList.toggle('whole', isWhole)
    more.textContent = isWhole ? 'Less' : 'More'
    more.ariaExpanded = String(isWhole)
    show()
  })
  more.ariaExpanded = 'false'
  more.hidden = document.length <= EXCERPT
  const show = (): void => showText(body, document, { isWhole, wanted, passage: lead?.passage })

  const content = element('div', 'content')
  content.append(body, more)
  item.append(placeOf(lead), content, ...figures.map(figureOf))
  show()
  return {
    item,
    body,
    text: document,
    score: lead?.score ?? 0,
    mark: (next) => {
      if (next === wanted) return
      wanted = next
      show()
    },
    setClamped: (isClamped) => {
      if (!isWhole) more.hidden = !isClamped && document.length <= EXCERPT
    },
  }
}

interface Showing {
  isWhole: boolean
  wanted: string
  passage: Placed['passage']
}

/** Shows a text or its beginning; or, where something is wanted or marked further on, the part around that. */
function showText(body: HTMLElement, document: string, { isWhole, wanted, passage }: Showing): void {
  const lower = lowered(document)
  const at = wanted === '' ? -1 : lower.indexOf(wanted)
  const marked = at >= 0 ? { start: at, end: at + wanted.length } : valid(passage, document)
  const start = isWhole || !marked || marked.start < LEAD ? 0 : boundary(document, marked.start - LEAD / 2)
  const end = isWhole ? document.length : boundary(document, start + EXCERPT)
  const parts: (string | Node)[] = start > 0 ? ['… '] : []
  let from = start
  if (at >= 0) {
    for (let next = at; next >= 0 && next < end; next = lower.indexOf(wanted, next + wanted.length)) {
      parts.push(document.slice(from, next), element('mark', '', document.slice(next, next + wanted.length)))
      from = next + wanted.length
    }
  } else if (marked) {
    const last = Math.min(marked.end, end)
    parts.push(
      document.slice(from, marked.start),
      element('mark', 'passage', document.slice(marked.start, last)),
    )
    from = last
  }
  parts.push(document.slice(from, Math.max(end, from)), ...(end < document.length ? ['…'] : []))
  body.replaceChildren(...parts)
}

function valid(passage: Placed['passage'], { length }: string): Placed['passage'] {
  if (!passage || !Number.isInteger(passage.start) || !Number.isInteger(passage.end)) return undefined
  return passage.start >= 0 && passage.start < passage.end && passage.end <= length ? passage : undefined
}

/** A text in lower case where that moves none of its characters. */
export function lowered(text: string): string {
  const lower = text.toLowerCase()
  return lower.length === text.length ? lower : text
}

/** A place that cuts no character in two: half of an emoji is none. */
function boundary(text: string, at: number): number {
  const place = Math.min(Math.max(Math.floor(at), 0), text.length)
  return /[\uDC00-\uDFFF]/.test(text.charAt(place)) ? place - 1 : place
}

function placeOf(lead: Placed | undefined): HTMLElement {
  const { place = 0, ties = 0 } = lead ?? {}
  const shown = element('span', 'place', ties > 0 ? `${place}=` : String(place))
  if (ties > 0) shown.title = `tied with ${ties === 1 ? 'one other' : `${ties} others`}`
  return shown
}

function figureOf({ placed: { score, place, ties }, rose, before, share, side }: Figures): HTMLElement {
  const figure = element('div', `figure ${side === 'B' ? 'other' : ''}`)
  const track = element('div', 'track')
  const bar = element('div', 'bar')
  bar.style.setProperty('--share', String(share))
  track.append(bar)
  track.ariaHidden = 'true'
  const line = element('div', 'numbers')
  if (side !== '') line.append(element('span', 'side', `${side} ${place}${ties > 0 ? '=' : ''}`))
  line.append(element('span', 'score', scoreText(score)), moveOf(rose, before, side))
  figure.append(line, track)
  return figure
}

/** The places that a document rose or fell. */
function moveOf(steps: number, before: number, side: Figures['side']): HTMLElement {
  const move = element('span', steps > 0 ? 'move up' : 'move')
  if (side === 'A') return move
  const shown = element('span', '', steps === 0 ? '–' : `${steps > 0 ? '▲' : '▼'} ${Math.abs(steps)}`)
  const said = steps === 0 ? 'stays' : `${steps > 0 ? 'up' : 'down'} ${Math.abs(steps)}, from ${before}`
  shown.ariaHidden = 'true'
  move.title = said
  move.append(shown, element('span', 'unseen', said))
  return move
}

/** Three decimals, or more digits where three say nothing. */
function scoreText(score: number): string {
  return score !== 0 && Math.abs(score) < 0.0005 ? score.toExponential(1) : score.toFixed(3)
}
