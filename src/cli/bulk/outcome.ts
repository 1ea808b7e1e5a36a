import type { RerankErrorKind } from '../../index.ts'

/** The outcome of a job, as it goes into the output. */
export interface Outcome {
  /** The id of the job, if it can be read. */
  id?: string | number | undefined
  /** The line, or the place in a JSON array, of a record that holds no job. */
  line?: number | undefined
  /** Fields of the job's own that go with it, as JSON texts. */
  kept?: ReadonlyMap<string, string> | undefined
  results?: readonly Result[]
  usage?: { prompt_tokens: number; total_tokens: number }
  error?: Failure
}

/** A document's place and score. */
export interface Result {
  index: number
  relevance_score: number
  /** The fields of the document that are shown, as JSON texts. */
  document?: ReadonlyMap<string, string> | undefined
}

/** Facts of an error. */
export interface Failure {
  kind: RerankErrorKind | 'input'
  message: string
  status?: number | undefined
  request_id?: string | undefined
}

/** Outcomes in an output, in one of its formats. */
export interface OutcomeFormat {
  /** The text that an output begins with. */
  readonly header: string
  /** The lines of an outcome. */
  write(outcome: Outcome): string
  /** Returns the key that identifies a job, or its outcome. */
  readonly keyOf: (known: Pick<Outcome, 'id' | 'line'>) => string
  /** The outcomes of an output, as they were written. @throws UsageError if it holds something else */
  read(bytes: AsyncIterable<Buffer>, name: string): AsyncGenerator<Entry, void, undefined>
}

/** An outcome in an output. The one at its end may be cut off: then it is left out. */
export interface Entry {
  /** As it stands there. */
  text: string
  key: string
  isError: boolean
  /** The bytes of the output up to its end. */
  end: number
}

/** JSON of an object whose values are JSON texts. */
export function objectText(fields: Iterable<readonly [name: string, json: string]>): string {
  return `{${Array.from(fields, ([name, json]) => `${JSON.stringify(name)}:${json}`).join(',')}}`
}
