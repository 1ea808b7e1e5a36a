import { documentsIn, EXAMPLES, linesOf } from './documents.js'
import { showRanking } from './ranking.js'
import { asCurl, asTypeScript, Failure, send } from './request.js'

/** @typedef {import('./request.js').Settings} Settings */
/** @typedef {import('./request.js').Request} Request */

const form = find('form', HTMLFormElement)
const query = find('query', HTMLTextAreaElement)
const documents = find('documents', HTMLTextAreaElement)
const count = find('count', HTMLElement)
const file = find('file', HTMLInputElement)
const key = find('key', HTMLInputElement)
const rank = find('rank', HTMLButtonElement)
const error = find('error', HTMLElement)
const summary = find('summary', HTMLElement)
const copied = find('copied', HTMLElement)

const settings = await readSettings()
/** @type {AbortController | undefined} */
let underWay

describeServer(settings)
offerExamples()
showCount()

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
documents.addEventListener('input', showCount)
file.addEventListener('change', () => void take(file.files))
for (const name of ['dragenter', 'dragover', 'dragleave', 'drop']) {
  documents.addEventListener(name, () => {
    documents.classList.toggle('dragged', name === 'dragenter' || name === 'dragover')
  })
}
documents.addEventListener('dragover', (event) => event.preventDefault())
documents.addEventListener('drop', (event) => {
  if (!event.dataTransfer || event.dataTransfer.files.length === 0) return
  event.preventDefault()
  void take(event.dataTransfer.files)
})

// A link such as `/#A-refund` begins with that example.
const linked = EXAMPLES.find(({ name }) => location.hash === `#${name.replaceAll(' ', '-')}`)
if (linked) begin(linked)

async function submit() {
  const request = readRequest()
  if (!request) return
  underWay?.abort()
  const mine = (underWay = new AbortController())
  rank.ariaBusy = 'true'
  summary.textContent = 'Ranking …'
  const started = performance.now()
  try {
    const answer = await send(request, key.value, mine.signal)
    const ms = Math.round(performance.now() - started)
    const best = answer.results.toSorted((a, b) => b.relevance_score - a.relevance_score)
    find('empty', HTMLElement).hidden = true
    showRanking(
      { list: find('ranking', HTMLElement), more: find('more', HTMLElement) },
      best,
      request.documents,
    )
    offerRequest(request)
    const tokens = answer.usage ? `${plural(answer.usage.total_tokens, 'token')}, ` : ''
    summary.textContent = `${plural(best.length, 'document')}, ${tokens}${ms.toLocaleString('en')} ms`
  } catch (failure) {
    if (mine.signal.aborted) return
    summary.textContent = ''
    complain(failure instanceof Failure ? failure.message : `Something went wrong: ${String(failure)}.`)
    if (settings.needsKey && key.value === '') key.focus()
  } finally {
    if (underWay === mine) rank.ariaBusy = 'false'
  }
}

/** The request that the fields hold; where they hold none, what is missing is said and gets the focus. */
function readRequest() {
  const texts = documentsIn(documents.value)
  const missing = query.value.trim() === '' ? query : texts.length === 0 ? documents : undefined
  for (const field of [query, documents]) field.ariaInvalid = String(field === missing)
  if (missing) {
    complain(missing === query ? 'Type a query first.' : 'Add a document or more, one a line.')
    missing.focus()
    return undefined
  }
  complain('')
  return { model: settings.model, query: query.value.trim(), documents: texts }
}

/** @param {FileList | null} files */
async function take(files) {
  const texts = await Promise.all([...(files ?? [])].map(linesOf))
  documents.value = texts.join('\n')
  showCount()
  documents.focus()
}

function showCount() {
  const { length } = documentsIn(documents.value)
  count.textContent = length === 0 ? 'one a line' : plural(length, 'line')
}

function offerExamples() {
  const buttons = EXAMPLES.map((example) => {
    const button = document.createElement('button')
    button.type = 'button'
    button.className = 'link'
    button.textContent = example.name
    button.onclick = () => begin(example)
    return button
  })
  find('examples', HTMLElement).append(...buttons)
}

/** @param {typeof EXAMPLES[number]} example */
function begin(example) {
  query.value = example.query
  documents.value = example.documents.join('\n')
  showCount()
  void submit()
}

/** @param {Request} request */
function offerRequest(request) {
  find('request', HTMLElement).hidden = false
  copied.textContent = ''
  for (const [id, write] of Object.entries({ curl: asCurl, typescript: asTypeScript })) {
    const details = find(id, HTMLDetailsElement)
    const code = details.querySelector('code') ?? details
    const button = details.querySelector('button')
    // Written when somebody looks: it may be megabytes.
    const fill = () => {
      if (details.open) code.textContent = write(request, settings)
    }
    details.ontoggle = fill
    fill()
    if (button) button.onclick = () => void copy(write(request, settings), code)
  }
}

/**
 * @param {string} text
 * @param {Element} code
 */
async function copy(text, code) {
  try {
    await navigator.clipboard.writeText(text)
    copied.textContent = 'Copied.'
  } catch {
    // Only pages of https and of this machine may write to the clipboard.
    getSelection()?.selectAllChildren(code)
    copied.textContent = 'It is selected: copy it with Ctrl+C.'
  }
}

/** @returns {Promise<Settings>} */
async function readSettings() {
  const response = await fetch('/page/settings.json')
  /** @type {unknown} */
  const body = await response.json()
  const read = /** @type {Settings} */ (body)
  return { ...read, baseUrl: read.live ? read.baseUrl : location.origin }
}

/** @param {Settings} settings */
function describeServer({ live, needsKey, model, spec }) {
  find('mode', HTMLElement).textContent = live ? `live, ${model}` : 'embedded: ranks by words'
  find('key-field', HTMLElement).hidden = !needsKey
  find('about', HTMLElement).textContent = live
    ? `Ranked by ${model}, with the key of this server. Contract ${spec}.`
    : `Ranked on this machine by the words that a document shares with the query (BM25). The hosted model knows meaning, and other languages; serve --live asks it. Contract ${spec}.`
}

/** @param {string} sentence */
function complain(sentence) {
  error.textContent = sentence
}

/**
 * @param {number} n
 * @param {string} noun
 */
function plural(n, noun) {
  return `${n.toLocaleString('en')} ${noun}${n === 1 ? '' : 's'}`
}

/**
 * @template {HTMLElement} Kind
 * @param {string} id
 * @param {new () => Kind} kind
 */
function find(id, kind) {
  const found = document.getElementById(id)
  if (!(found instanceof kind)) throw new Error(`the page has no #${id}`)
  return found
}
