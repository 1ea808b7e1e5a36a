/** Reports the first retry of each kind, because an unreachable service is retried for about a minute. */
export function firstOfEachKind(say: (message: string) => void) {
  const told = new Set<string>()
  return ({ kind, status }: { kind: string; status: number | undefined }): void => {
    const what = status === undefined ? kind : `${kind}, ${status}`
    if (!told.has(what))
      say(`A request failed (${what}) and will be retried. Further failures of this kind are not shown`)
    told.add(what)
  }
}
