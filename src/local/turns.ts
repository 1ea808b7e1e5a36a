/** Makes a queue whose tasks run one after another. */
export function createTurns(): <Result>(task: () => Promise<Result>) => Promise<Result> {
  let last: Promise<unknown> = Promise.resolve()
  return (task) => {
    const mine = last.then(task)
    // The queue keeps no result.
    last = mine.then(
      () => undefined,
      () => undefined,
    )
    return mine
  }
}
