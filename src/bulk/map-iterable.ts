/** Options of {@link mapIterable}. */
export interface MapIterableOptions {
  /** The most tasks in memory: running, or done with a result that is not yet taken. */
  concurrency: number
  /** True for results in the order of the tasks, rather than as soon as each is ready. */
  ordered: boolean
  signal: AbortSignal | undefined
}

interface Slot<Result> {
  result?: { value: Result }
}

interface Progress {
  held: number
  isAsking: boolean
  hasEnded: boolean
  failure: { reason: unknown } | undefined
}

/**
 * Runs the tasks of a source, and yields their results. It takes a task from the source only when there is room for one,
 * and continues to yield results while the source is slow.
 *
 * If the source fails, its error is thrown after the results of the running tasks. If the caller aborts, or takes no more
 * results, the signal of the running tasks aborts, and the source is closed.
 */
export async function* mapIterable<Task, Result>(
  source: Iterable<Task> | AsyncIterable<Task>,
  { concurrency, ordered, signal }: MapIterableOptions,
  /** Must not reject. */
  run: (task: Task, signal: AbortSignal) => Promise<Result>,
): AsyncGenerator<Result, void, undefined> {
  const iterator = iteratorOf(source)
  const group = new AbortController()
  const line: Slot<Result>[] = []
  const progress: Progress = { held: 0, isAsking: false, hasEnded: false, failure: undefined }
  let taken = 0
  let wake = (): void => undefined

  const start = async (task: Task): Promise<void> => {
    const slot: Slot<Result> = {}
    progress.held += 1
    if (ordered) line.push(slot)
    slot.result = { value: await run(task, group.signal) }
    if (!ordered) line.push(slot)
    wake()
  }

  const ask = async (): Promise<void> => {
    if (progress.isAsking) return
    progress.isAsking = true
    try {
      while (progress.held < concurrency && !progress.hasEnded) {
        const next = await iterator.next()
        if (group.signal.aborted) break
        if (next.done === true) progress.hasEnded = true
        else void start(next.value)
      }
    } catch (reason) {
      progress.hasEnded = true
      progress.failure = { reason }
    }
    progress.isAsking = false
    wake()
  }

  const stop = (): void => {
    group.abort(signal?.reason)
    wake()
  }
  signal?.addEventListener('abort', stop)
  try {
    for (;;) {
      signal?.throwIfAborted()
      void ask()
      const ready = line[0]?.result
      if (ready) {
        line.shift()
        progress.held -= 1
        void ask()
        yield ready.value
        taken += 1
        if (taken % RESULTS_IN_A_TURN === 0) await nextTurn()
      } else if (progress.hasEnded && progress.held === 0) {
        if (progress.failure) throw progress.failure.reason
        return
      } else await new Promise<void>((resolve) => (wake = resolve))
    }
  } finally {
    signal?.removeEventListener('abort', stop)
    group.abort()
    if (!progress.hasEnded) await close(iterator, progress.isAsking)
  }
}

/** After this many results, timers and sockets get a turn. Otherwise, tasks that end at once would block them. */
const RESULTS_IN_A_TURN = 100

const nextTurn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0))

function iteratorOf<Task>(
  source: Iterable<Task> | AsyncIterable<Task>,
): AsyncIterator<Task> | Iterator<Task> {
  return Symbol.asyncIterator in source ? source[Symbol.asyncIterator]() : source[Symbol.iterator]()
}

/** Closes the source. A generator that is still making a task closes after that, without being waited for. */
async function close(
  iterator: AsyncIterator<unknown> | Iterator<unknown>,
  isPulling: boolean,
): Promise<void> {
  const closed = Promise.resolve(iterator.return?.())
  if (isPulling) closed.catch(() => undefined)
  else await closed
}
