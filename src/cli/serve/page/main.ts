import { Failure, rank, readSettings } from './api.ts'
import type { RankRequest, Settings } from './api.ts'
import { button, find, plural } from './dom.ts'
import { EXAMPLES } from './examples.ts'
import type { Example } from './examples.ts'
import { complain, readDocuments, setDocuments, watchDocuments } from './input.ts'
import { revealResults, showProgress } from './progress.ts'
import { showOutcome } from './ranked-view.ts'
import { fromFragment, isLink, toFragment } from './share.ts'
import { readSides, requestsFor, setModels, setSides, watchSides } from './sides.ts'
import { offer } from './share-dialog.ts'

const form = find('form', HTMLFormElement)
const query = find('query', HTMLTextAreaElement)
const key = find('key', HTMLInputElement)
const problem = find('problem', HTMLElement)
const summary = find('summary', HTMLElement)
const results = find('results', HTMLElement)
const stale = find('stale', HTMLElement)

const settings = await readSettings()
let inFlight: AbortController | undefined
/** The state that was ranked, by which a later change of the input is known. */
let ranked: string | undefined

describeServer(settings)
setModels(settings.live, settings.model)
find('examples', HTMLElement).append(...EXAMPLES.map((each) => button('card', each.name, () => begin(each))))
readDocuments()
watchDocuments(noteChange)
watchSides(noteChange)
query.addEventListener('input', noteChange)
find('again', HTMLButtonElement).addEventListener('click', () => form.requestSubmit())
form.addEventListener('submit', (event) => {
  event.preventDefault()
  void submit()
})
form.addEventListener('keydown', (event) => {
  const isShort = event.target === query && !event.shiftKey && !event.isComposing
  if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey || isShort)) return
  event.preventDefault()
  form.requestSubmit()
})
await restore()
document.body.dataset['ready'] = ''

async function submit(): Promise<void> {
  const requests = readRequests()
  if (!requests) return
  inFlight?.abort()
  const mine = (inFlight = new AbortController())
  const state = JSON.stringify(stateOf())
  const count = plural(requests[0]?.documents.length ?? 0, 'document')
  const stop = showProgress(`Ranking ${count} …`, () => mine.abort())
  summary.textContent = ''
  const started = performance.now()
  try {
    const rankings = await Promise.all(requests.map((request) => rank(request, key.value, mine.signal)))
    const ms = Math.round(performance.now() - started)
    const outcome = requests.map((request, at) => ({
      request,
      ranking: rankings[at] ?? { results: [], tokens: 0 },
    }))
    ranked = state
    showOutcome(outcome)
    revealResults()
    const hasLink = await keepInAddress()
    const [first] = outcome
    if (first) {
      const shown = { request: first.request, results: first.ranking.results, settings }
      offer(shown, { canLink: hasLink, isCompared: outcome.length > 1 })
    }
    const tokens = rankings.reduce((sum, each) => sum + (each.tokens ?? 0), 0)
    summary.textContent = `${count}, ${tokens > 0 ? `${plural(tokens, 'token')}, ` : ''}${ms.toLocaleString('en')} ms`
  } catch (error) {
    if (inFlight !== mine) return
    summary.textContent = mine.signal.aborted ? 'Cancelled.' : ''
    if (!mine.signal.aborted) showFailure(error)
  } finally {
    stop()
    if (inFlight === mine) inFlight = undefined
    noteChange()
  }
}

/** The requests that the fields hold; where they hold none, what is missing is said and gets the focus. */
function readRequests(): RankRequest[] | undefined {
  problem.textContent = ''
  complain('key', '')
  const texts = readDocuments()?.texts
  const { compare, b } = readSides()
  const needsB = (compare === 'queries' || compare === 'models') && b.trim() === ''
  const isEmpty = texts?.length === 0
  complain('query', query.value.trim() === '' ? 'Type a query first.' : '')
  if (isEmpty) complain('documents', 'Add at least one document.')
  complain('b', needsB ? 'Type something to compare with.' : '')
  const missing =
    query.value.trim() === '' ? 'query' : !texts || isEmpty ? 'documents' : needsB ? 'b' : undefined
  if (missing !== undefined) {
    find(missing, HTMLElement).focus()
    return undefined
  }
  return requestsFor(query.value.trim(), settings.model).map((side) => ({ ...side, documents: texts ?? [] }))
}

function showFailure(error: unknown): void {
  const field = error instanceof Failure ? error.field : undefined
  const message = error instanceof Failure ? error.message : `Something went wrong: ${String(error)}.`
  if (field === undefined) {
    problem.textContent = message
    problem.scrollIntoView({ block: 'nearest' })
    return
  }
  if (field === 'key') find('key-field', HTMLElement).hidden = false
  complain(field, message)
  find(field, HTMLElement).focus()
}

/** Dims a ranking that is not of the input any more, and says so. */
function noteChange(): void {
  const isStale = ranked !== undefined && ranked !== JSON.stringify(stateOf())
  stale.hidden = !isStale || inFlight !== undefined
  results.classList.toggle('stale', isStale || (inFlight !== undefined && ranked !== undefined))
}

function stateOf() {
  return {
    query: query.value,
    documents: find('documents', HTMLTextAreaElement).value,
    kind: find('kind', HTMLSelectElement).value,
    part: find('part', HTMLSelectElement).value,
    ...readSides(),
  }
}

async function keepInAddress(): Promise<boolean> {
  const fragment = await toFragment(stateOf())
  history.replaceState(null, '', fragment ?? location.pathname)
  return fragment !== undefined
}

/** Begins with what the address holds. A link of others fills in, and spends no key by itself. */
async function restore(): Promise<void> {
  const example = EXAMPLES.find(({ name }) => location.hash === `#${name.replaceAll(' ', '-')}`)
  if (example) {
    begin(example)
    return
  }
  const state = await fromFragment(location.hash)
  if (!state) {
    if (isLink(location.hash))
      problem.textContent = 'The link could not be read: it is damaged, or a part of it is missing.'
    return
  }
  query.value = state.query
  setDocuments(state.documents, state.kind || 'text', state.part)
  setSides(state.compare, state.a, state.b)
  if (settings.live) summary.textContent = 'This input came from a link. Press Rank to see what comes first.'
  else await submit()
}

function begin(example: Example): void {
  query.value = example.query
  setDocuments(example.documents.join('\n'), 'text', 'line')
  setSides('nothing', '', '')
  void submit()
}

function describeServer({ live, needsKey, model, spec }: Settings): void {
  find('mode', HTMLElement).textContent = live ? 'Live' : 'Local'
  find('model', HTMLElement).textContent = live ? model : 'ranks by shared words'
  find('key-field', HTMLElement).hidden = !needsKey
  find('about', HTMLElement).textContent = live
    ? `Ranked by ${model}, with the key of this server. Contract ${spec}.`
    : `Ranked on this machine by the words that each document shares with the query (BM25). The hosted model also understands meaning and other languages: start serve with --live to use it. Contract ${spec}.`
}
