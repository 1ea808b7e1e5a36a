/**
 * True if a version comes no later than another: `20260506-297d05704` before `20260916-b712a99a4`, `1.9` before
 * `1.10`. Numbers that start a version decide; of the same ones only the same version is known to come no later, or one
 * that the other begins: `20260916-b712a99a4` is up to `20260916`.
 */
export function isUpTo(version: string, last: string): boolean {
  if (version === last) return true
  const [own, other] = [numbersIn(version), numbersIn(last)]
  if (own.length === 0 || other.length === 0) return false
  for (let at = 0; at < Math.max(own.length, other.length); at++) {
    const [a, b] = [own[at] ?? 0, other[at] ?? 0]
    if (a !== b) return a < b
  }
  return version.startsWith(last)
}

function numbersIn(version: string): number[] {
  const [found] = /^\d+(?:\.\d+)*/.exec(version) ?? []
  return found === undefined ? [] : found.split('.').map(Number)
}
