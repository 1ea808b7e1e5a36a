/* eslint @typescript-eslint/explicit-module-boundary-types: off -- the types are in JSDoc */

/** @typedef {{ index: number, relevance_score: number }} Result */

/** Rows that are shown at a time, and characters of a document. */
const MOST_ROWS = 100
const MOST_CHARACTERS = 600

/**
 * Shows a ranking, a hundred rows at a time. Documents are text, whatever they hold.
 * @param {{ list: HTMLElement, more: HTMLElement }} places
 * @param {readonly Result[]} results best first
 * @param {readonly string[]} documents as they were sent
 */
export function showRanking({ list, more }, results, documents) {
  let shown = 0
  const showMore = () => {
    const next = results.slice(shown, shown + MOST_ROWS)
    const rows = next.map((result, place) => rowOf(result, shown + place, documents[result.index] ?? ''))
    list.append(...rows)
    shown += rows.length
    const left = results.length - shown
    more.hidden = left === 0
    more.textContent = `Show ${Math.min(left, MOST_ROWS)} more of ${left.toLocaleString('en')}`
  }
  list.replaceChildren()
  showMore()
  more.onclick = showMore
}

/**
 * @param {Result} result
 * @param {number} place
 * @param {string} document
 */
function rowOf({ index, relevance_score: score }, place, document) {
  const row = element('li')
  const track = element('div', 'track')
  const bar = element('div', 'bar')
  bar.style.setProperty('--score', String(Math.min(Math.max(score, 0), 1)))
  track.append(bar)
  track.ariaHidden = 'true'
  row.append(
    element('span', 'place', String(place + 1)),
    textOf(document),
    track,
    element('span', 'score', score.toFixed(3)),
    changeOf(index, place),
  )
  return row
}

/** @param {string} document */
function textOf(document) {
  const text = element('div', 'text')
  text.dir = 'auto'
  if (document.length <= MOST_CHARACTERS) {
    text.textContent = document
    return text
  }
  // By characters: half of an emoji is none.
  const beginning = Array.from(document.slice(0, MOST_CHARACTERS * 2))
    .slice(0, MOST_CHARACTERS)
    .join('')
  const all = element('button', 'link', `Show all ${document.length.toLocaleString('en')} characters`)
  all.setAttribute('type', 'button')
  all.onclick = () => text.replaceChildren(document)
  text.append(`${beginning}… `, all)
  return text
}

/**
 * How far a document moved from its place in the input.
 * @param {number} index
 * @param {number} place
 */
function changeOf(index, place) {
  const steps = index - place
  const change = element('span', steps > 0 ? 'change quiet up' : 'change quiet')
  const shown = element('span', '', steps === 0 ? '–' : `${steps > 0 ? '▲' : '▼'} ${Math.abs(steps)}`)
  const said = steps === 0 ? 'stays' : `${steps > 0 ? 'up' : 'down'} ${Math.abs(steps)}, from ${index + 1}`
  shown.ariaHidden = 'true'
  change.title = said
  change.append(shown, element('span', 'unseen', said))
  return change
}

/**
 * @param {string} name
 * @param {string} [className]
 * @param {string} [text]
 */
function element(name, className = '', text = '') {
  const made = document.createElement(name)
  if (className !== '') made.className = className
  if (text !== '') made.textContent = text
  return made
}
