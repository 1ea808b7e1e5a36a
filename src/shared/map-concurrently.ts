import { onAbort } from './abort.ts'

/**
 * Runs tasks with at most `concurrency` of them at once, and resolves with their results in the tasks' order. The
 * first failure, or the caller's abort, aborts the signal of those in flight and keeps the rest from starting.
 */
export async function mapConcurrently<Task, Result>(
  tasks: readonly Task[],
  { concurrency, signal }: { concurrency: number; signal?: AbortSignal | undefined },
  run: (task: Task, place: number, signal: AbortSignal | undefined) => Promise<Result>,
): Promise<Result[]> {
  signal?.throwIfAborted()
  const [only] = tasks
  // A single task needs no own signal, which would cost more than everything else here.
  if (only !== undefined && tasks.length === 1) return [await run(only, 0, signal)]

  const group = new AbortController()
  const results = new Array<Result>(tasks.length)
  const queue = tasks.entries()
  const work = async (): Promise<void> => {
    for (const [place, task] of queue) {
      group.signal.throwIfAborted()
      results[place] = await run(task, place, group.signal)
    }
  }
  const forget = signal && onAbort(signal, () => group.abort(signal.reason))
  try {
    await Promise.all(Array.from({ length: Math.min(concurrency, tasks.length) }, work))
    return results
  } catch (error) {
    group.abort(error)
    throw error
  } finally {
    forget?.()
  }
}
