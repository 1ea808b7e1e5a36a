import { plural } from './dom.ts'

/** Steps of the slider. */
const STEPS = 200

/** A slider over the range of scores that says what a cut would drop. It starts where it drops nothing. */
export class Threshold {
  readonly #slider: HTMLInputElement
  readonly #note: HTMLElement
  #scores: readonly number[] = []
  #least = 0
  #most = 1

  constructor(slider: HTMLInputElement, note: HTMLElement, onCut: (threshold: number) => void) {
    this.#slider = slider
    this.#note = note
    slider.min = '0'
    slider.max = String(STEPS)
    slider.addEventListener('input', () => {
      onCut(this.value)
      this.#say()
    })
  }

  /** The score that a document needs to be kept. */
  get value(): number {
    const step = this.#slider.valueAsNumber
    return step === 0 ? -Infinity : this.#least + ((this.#most - this.#least) * step) / STEPS
  }

  /** Takes the scores of a new ranking, best first. */
  reset(scores: readonly number[]): void {
    this.#scores = scores
    // Probabilities have their own range; other scores, such as logits, that of the ranking.
    const isProbability = scores.every((score) => score >= 0 && score <= 1)
    this.#least = isProbability ? 0 : (scores.at(-1) ?? 0)
    this.#most = isProbability ? 1 : (scores[0] ?? 1)
    this.#slider.value = '0'
    this.#say()
  }

  #say(): void {
    const { value } = this
    const kept = this.#scores.filter((score) => score >= value).length
    const dropped = this.#scores.length - kept
    const sentence =
      value === -Infinity
        ? 'off: nothing is dropped'
        : `${value.toFixed(2)} keeps ${plural(kept, 'document')}, drops ${dropped.toLocaleString('en')}`
    this.#note.textContent = sentence
    this.#slider.ariaValueText = sentence
  }
}
