import type { OutcomeFormat } from '../bulk/outcome.ts'
import type { Source } from '../files/index.ts'

/** Which of several outcomes of a job is kept. */
export interface Choice {
  /** Where the outcome of each job is: its part, and the bytes up to its end there. */
  places: ReadonlyMap<string, Place>
  /** The keys that are there more than once, except errors that were tried again. */
  doubles: readonly string[]
}

interface Place {
  part: number
  end: number
  isError: boolean
}

/** Chooses by key: what is ranked before an error, and else the first. */
export async function choose(
  sources: readonly Pick<Source, 'name' | 'read'>[],
  format: Pick<OutcomeFormat, 'read'>,
): Promise<Choice> {
  const places = new Map<string, Place>()
  const doubles = new Set<string>()
  for (const [part, source] of sources.entries()) {
    for await (const { key, isError, end } of format.read(source.read(), source.name)) {
      const before = places.get(key)
      if (before?.isError === isError) doubles.add(key)
      if (!before || (before.isError && !isError)) places.set(key, { part, end, isError })
    }
  }
  return { places, doubles: [...doubles] }
}
