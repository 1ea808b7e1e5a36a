import { pause } from './patience.ts'

/** Jobs that come one after another. */
export interface Source<Job> {
  /** Set when all came. */
  readonly hasEnded: boolean
  /** Takes so many at most, and waits no longer than so many milliseconds for one that takes its time. */
  take(most: number, ms: number): Promise<Job[]>
  /** No more are wanted. A source that is still at work closes when it has done, which is not waited for. */
  close(): Promise<unknown>
  /** @throws what the source threw, if it did */
  end(): void
}

/** Reads jobs from what holds or makes them. */
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
