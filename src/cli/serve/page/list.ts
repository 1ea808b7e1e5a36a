import { lowered } from './row.ts'
import type { Row } from './row.ts'

/** Rows that are shown at a time. */
const MOST_ROWS = 1_000

/** The list of rows: shown in part, found in, cut by a threshold. */
export class List {
  readonly #list: HTMLElement
  readonly #more: HTMLButtonElement
  readonly #observer: IntersectionObserver
  #make: (place: number) => Row = () => {
    throw new Error('nothing is ranked')
  }
  #count = 0
  #wanted = ''
  #cut = -Infinity
  rows: Row[] = []

  constructor(list: HTMLElement, more: HTMLButtonElement) {
    this.#list = list
    this.#more = more
    more.addEventListener('click', () => this.#showMore())
    // Whether the lines hold a text is measured when it comes near, and not of hundreds at once.
    this.#observer = new IntersectionObserver((entries) => this.#measure(entries), { rootMargin: '400px' })
  }

  /** Shows a number of rows, each of which is made only then. */
  show(count: number, make: (place: number) => Row): void {
    this.#observer.disconnect()
    this.#make = make
    this.#count = count
    this.rows = []
    this.#list.replaceChildren()
    this.#showMore()
  }

  /** Measures the texts again, whose width or lines have changed. */
  measureAgain(): void {
    this.#observer.disconnect()
    for (const { item } of this.rows) this.#observer.observe(item)
  }

  /** Hides the rows without a text, and marks it in the others. @returns how many are left */
  find(wanted: string): number {
    this.#wanted = lowered(wanted.trim())
    while (this.#wanted !== '' && this.rows.length < this.#count) this.#showMore()
    return this.rows.filter((row) => this.#match(row)).length
  }

  /** Marks the rows whose score is below a threshold as dropped. */
  cut(threshold: number): void {
    this.#cut = threshold
    for (const row of this.rows) this.#applyCut(row)
  }

  #showMore(): void {
    const shown = this.rows.length
    const rows = Array.from({ length: Math.min(MOST_ROWS, this.#count - shown) }, (_, place) =>
      this.#make(shown + place),
    )
    this.rows.push(...rows)
    this.#list.append(...rows.map(({ item }) => item))
    for (const row of rows) {
      this.#match(row)
      this.#applyCut(row)
      this.#observer.observe(row.item)
    }
    const rest = this.#count - this.rows.length
    this.#more.hidden = rest === 0
    this.#more.textContent = `Show ${Math.min(rest, MOST_ROWS).toLocaleString('en')} more of ${rest.toLocaleString('en')}`
  }

  #match(row: Row): boolean {
    const isFound = this.#wanted === '' || lowered(row.text).includes(this.#wanted)
    row.item.hidden = !isFound
    if (isFound) row.mark(this.#wanted)
    return isFound
  }

  #applyCut(row: Row): void {
    row.item.classList.toggle('dropped', row.score < this.#cut)
  }

  #measure(entries: readonly IntersectionObserverEntry[]): void {
    const near = new Set(entries.filter(({ isIntersecting }) => isIntersecting).map(({ target }) => target))
    const rows = this.rows.filter(({ item }) => near.has(item))
    // All are read before any is written.
    const clamped = rows.map(
      ({ body }) => body.scrollHeight > body.clientHeight + 1 || body.scrollWidth > body.clientWidth + 1,
    )
    rows.forEach((row, place) => row.setClamped(clamped[place] ?? false))
  }
}
