import { pause } from './patience.ts'

/** A source of jobs. */
export interface Source<Job> {
  /** True when there are no more jobs. */
  readonly hasEnded: boolean
  /** Takes at most `most` jobs. If the source is slow, waits at most `ms` milliseconds. */
  take(most: number, ms: number): Promise<Job[]>
  /** Closes the source. If it is still making a job, it closes after that, without being waited for. */
  close(): Promise<unknown>
  /** @throws the error of the source, if it threw one */
  end(): void
}

/** Makes a source from an iterable of jobs. */
export function createSource<Job>(jobs: Iterable<Job> | AsyncIterable<Job>): Source<Job> {
  const iterator = Symbol.asyncIterator in jobs ? jobs[Symbol.asyncIterator]() : jobs[Symbol.iterator]()
  let next: Promise<IteratorResult<Job, unknown>> | undefined
  let hasEnded = false
  let failure: { reason: unknown } | undefined
  return {
    get hasEnded() {
      return hasEnded
    },
    async take(most, ms) {
      const taken: Job[] = []
      if (hasEnded || most <= 0) return taken
      const late = pause(ms)
      try {
        while (!hasEnded && taken.length < most) {
          next ??= Promise.resolve(iterator.next())
          const result = await Promise.race([next, late])
          if (!result) break
          next = undefined
          if (result.done === true) hasEnded = true
          else taken.push(result.value)
        }
      } catch (reason) {
        hasEnded = true
        failure = { reason }
      }
      return taken
    },
    async close() {
      if (hasEnded) return
      const closed = Promise.resolve(iterator.return?.())
      await (next ? Promise.race([closed.catch(() => undefined), pause(0)]) : closed)
    },
    end() {
      if (failure) throw failure.reason
    },
  }
}
