import type { RateLimiter } from '../../src/index.ts'

export interface Job {
  id: number
  query: string
  documents: string[]
}

export function jobs(count: number): Job[] {
  return Array.from({ length: count }, (_, id) => ({ id, query: `q${id}`, documents: ['a', 'b'] }))
}

export async function collect<Outcome>(outcomes: AsyncIterable<Outcome>): Promise<Outcome[]> {
  const all: Outcome[] = []
  for await (const outcome of outcomes) all.push(outcome)
  return all
}

/** Lets everything be sent at once. */
export const OPEN: RateLimiter = { acquire: () => ({ release: () => undefined }) }
