import { find } from './dom.ts'

const notice = find('progress', HTMLElement)
const elapsed = find('elapsed', HTMLElement)
const results = find('results', HTMLElement)
const cancel = find('cancel', HTMLButtonElement)

/** Milliseconds that pass before anything moves: most rankings are faster. */
const PATIENCE_MS = 150

/** Scrolls to the results where they begin too far below: on a phone they come after all of the input. */
export function revealResults(): void {
  if (results.getBoundingClientRect().top < innerHeight / 2) return
  const isStill = matchMedia('(prefers-reduced-motion: reduce)').matches
  results.scrollIntoView({ behavior: isStill ? 'instant' : 'smooth' })
}

/** Shows that something is ranked, for how long, and how to end it. @returns a function that ends the showing */
export function showProgress(sentence: string, onCancel: () => void): () => void {
  const started = performance.now()
  const tick = (): void => {
    elapsed.textContent = `${((performance.now() - started) / 1000).toFixed(1)} s`
  }
  const begin = setTimeout(() => {
    find('progress-text', HTMLElement).textContent = sentence
    notice.hidden = false
    revealResults()
    tick()
  }, PATIENCE_MS)
  const ticking = setInterval(tick, 100)
  results.ariaBusy = 'true'
  cancel.onclick = onCancel
  return () => {
    clearTimeout(begin)
    clearInterval(ticking)
    notice.hidden = true
    results.ariaBusy = 'false'
  }
}
