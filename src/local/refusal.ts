/** An answer other than 200, thrown from wherever the need for it is found out. */
export class Refusal extends Error {
  readonly status: number
  /** What the body says: a sentence, or the list of faults. */
  readonly detail: unknown
  readonly headers: Readonly<Record<string, string>>

  constructor(status: number, detail: unknown, headers: Readonly<Record<string, string>> = {}) {
    super(`HTTP ${status}`)
    this.status = status
    this.detail = detail
    this.headers = headers
  }
}
