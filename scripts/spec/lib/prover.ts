// Proofs about schemas and types that may hold themselves: every value is finite, so that a question may assume that
// those behind it hold until one is found not to. Nothing recurs, and all questions take polynomial time together.

import { PipelineError } from './failure.ts'

const MAX_STEPS = 2_000_000

interface Question {
  holds: boolean
  readonly decide: () => boolean
  /** Questions that were decided on the assumption that this one holds. */
  readonly dependents: Set<Question>
}

/** Decides questions that depend on each other. */
export class Prover {
  readonly #questions = new Map<string, Question>()
  readonly #open: Question[] = []
  #current: Question | undefined
  #steps = 0

  /**
   * Decides a question, by its key.
   *
   * @param decide - asks further questions of this prover; the more of them hold, the rather this one does.
   */
  prove(key: string, decide: () => boolean): boolean {
    let question = this.#questions.get(key)
    if (question === undefined) {
      question = { holds: true, decide, dependents: new Set() }
      this.#questions.set(key, question)
      this.#open.push(question)
    }
    if (this.#current === undefined) this.#settle()
    else if (question.holds) question.dependents.add(this.#current)
    return question.holds
  }

  #settle(): void {
    for (let question = this.#open.pop(); question !== undefined; question = this.#open.pop()) {
      if (!question.holds) continue
      if (++this.#steps > MAX_STEPS) throw new PipelineError('the schemas are too involved to be compared')
      this.#current = question
      question.holds = question.decide()
      this.#current = undefined
      if (!question.holds) this.#open.push(...question.dependents)
    }
  }
}
