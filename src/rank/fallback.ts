import { isRerankError } from '../errors/classes.ts'
import type { RerankError } from '../errors/classes.ts'
import { untilDeadline } from '../http/compose.ts'
import type { CallContext } from '../http/context.ts'
import { fallsBack } from '../shared/fallback-rule.ts'
import { property } from '../shared/property.ts'
import { describe, invalid } from '../shared/validate.ts'
import type { MaybeScoredItem, RankedItem, RankSettings, RankWithUsage } from './options.ts'

/** The score of a text, and the passage that it is of. */
export type Scored = Pick<MaybeScoredItem<unknown>, 'score' | 'passage'>

/** The stand-in for a ranking that failed. */
interface Instead {
  degraded: RerankError
  scored: Scored[]
  /** The ranking of a fallback that is a function. */
  given?: RankWithUsage<string> | undefined
}

/**
 * Asks a fallback for the scores.
 * @throws the error itself where no fallback is for it: a caller's abort, for one, or a 401
 * @throws TypeError for a function that gives no usable scores
 */
export async function fallBack(
  error: unknown,
  query: string,
  texts: readonly string[],
  { fallback, signal }: RankSettings,
  context: CallContext,
): Promise<Instead> {
  if (!isRerankError(error) || signal?.aborted || !fallsBack(error, fallback)) throw error
  if (typeof fallback !== 'function') return { degraded: error, scored: [] }
  const failed = { query, texts, signal, remainingMs: context.remainingMs() }
  const given = await untilDeadline(
    async () => fallback(error, failed),
    context,
    () => error,
  )
  return { degraded: error, scored: given === undefined ? [] : scoresOf(given, texts), given }
}

function scoresOf(given: RankWithUsage<string>, texts: readonly string[]): Scored[] {
  const ranked: unknown = property(given, 'ranked')
  if (!Array.isArray(ranked)) invalid('the result of fallback', 'a ranking or undefined', given)
  const scored: Scored[] = []
  ranked.forEach((entry, at) => {
    const { index, item, score, passage } = Object(entry) as RankedItem<string>
    if (typeof item === 'string' && item === texts[index] && !scored[index] && Number.isFinite(score)) {
      scored[index] = passage ? { score, passage } : { score }
    } else {
      throw new TypeError(
        `fallback: ranked[${at}] must be one of the texts, once, with its index and score, got index ${describe(index)}, item ${describe(item)}, score ${describe(score)}`,
      )
    }
  })
  return scored
}
