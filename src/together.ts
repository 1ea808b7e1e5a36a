import { onAbort } from './limits.ts'

/**
 * Runs tasks with at most `concurrency` of them at once, and resolves with their results in the tasks' order. The
 * first failure, or the caller's abort, aborts the signal of those under way and keeps the rest from starting.
 */
export async function together<Task, Result>(
  tasks: readonly Task[],
  { concurrency, signal }: { concurrency: number; signal: AbortSignal | undefined },
  run: (task: Task, place: number, signal: AbortSignal) => Promise<Result>,
): Promise<Result[]> {
  const group = new AbortController()
  const results = new Array<Result>(tasks.length)
  const queue = tasks.entries()
  const work = async (): Promise<void> => {
    for (const [place, task] of queue) results[place] = await run(task, place, group.signal)
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
