/** A response other than 200, thrown from wherever the need for it is found out. */
export class Refusal extends Error {
  readonly status: number
  /** The body's detail: a sentence, or the list of issues. */
  readonly detail: unknown
  readonly headers: Readonly<Record<string, string>>

  constructor(status: number, detail: unknown, headers: Readonly<Record<string, string>> = {}) {
    super(`HTTP ${status}`)
    this.status = status
    this.detail = detail
    this.headers = headers
  }
}
