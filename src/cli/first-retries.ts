/** Says the first retry of each kind: a service that can't be reached is tried for about a minute. */
export function firstOfEachKind(say: (message: string) => void) {
  const told = new Set<string>()
  return ({ kind, status }: { kind: string; status: number | undefined }): void => {
    const what = status === undefined ? kind : `${kind}, ${status}`
    if (!told.has(what))
      say(`A request failed (${what}). It will be retried, and so will others that fail the same way`)
    told.add(what)
  }
}
