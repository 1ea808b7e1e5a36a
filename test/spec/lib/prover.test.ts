import { expect, it } from 'vitest'
import { Prover } from '../../../scripts/spec/lib/prover.ts'

/** Decides whether everything that can be reached from a place is sound. */
function soundIn(
  graph: Readonly<Record<string, readonly string[]>>,
  unsound: readonly string[],
): (at: string) => boolean {
  const prover = new Prover()
  const isSound = (at: string): boolean =>
    prover.prove(at, () => !unsound.includes(at) && (graph[at] ?? []).every(isSound))
  return isSound
}

it('holds what nothing speaks against, though it leads back to itself', () => {
  expect(soundIn({ a: ['b'], b: ['a', 'c'], c: [] }, [])('a')).toBe(true)
})

it('finds what speaks against it behind a loop', () => {
  const isSound = soundIn({ a: ['b'], b: ['a', 'c'], c: ['d'], d: [], e: ['e'] }, ['d'])
  expect(['a', 'b', 'c', 'd', 'e'].map(isSound)).toEqual([false, false, false, false, true])
})

it('follows a chain of any length', () => {
  const chain = Object.fromEntries(Array.from({ length: 20_000 }, (_, at) => [String(at), [String(at + 1)]]))
  expect(soundIn(chain, [])('0')).toBe(true)
  expect(soundIn(chain, ['20000'])('0')).toBe(false)
})
