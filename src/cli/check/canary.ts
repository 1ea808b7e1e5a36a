import { estimateRequestTokens } from '../../eval/index.ts'

/** A query with an obvious ranking: the first document is relevant to it, and the others are not. */
interface Canary {
  query: string
  documents: readonly string[]
}

/** Rankings that a model of meaning can't miss, and words alone can find. */
export const CANARIES: readonly Canary[] = [
  {
    query: 'What is the capital of France?',
    documents: [
      'The capital of France is Paris.',
      'Bread is baked in a hot oven.',
      'Whales are mammals that live in the sea.',
      'The match ended without a goal.',
    ],
  },
  {
    query: 'How do I reset my password?',
    documents: [
      'To reset your password, choose “Forgot my password” on the sign-in page.',
      'Our office is closed on public holidays.',
      'Tomatoes are planted in spring.',
      'The train to Rome leaves at noon.',
    ],
  },
]

/** The scores of each canary's documents, in their order, and the tokens of all of them. */
export interface CanaryScores {
  scores: readonly (readonly number[])[]
  tokens: number
}

/** Pairs of a query and a document in all canaries. */
export const CANARY_PAIRS = CANARIES.reduce((sum, { documents }) => sum + documents.length, 0)

/** Estimated tokens of a pair's texts. */
export const TEXT_TOKENS_A_PAIR =
  CANARIES.reduce((sum, { query, documents }) => sum + estimateRequestTokens(query, documents), 0) /
  CANARY_PAIRS

/**
 * The margin of the right documents above all others, from 0 to 1: the smallest of all canaries, below 0 where one is not
 * first. Scores beyond 0 to 1 are logits, as llama.cpp has them.
 */
export function marginOf({ scores }: CanaryScores): number {
  const areLogits = scores.flat().some((score) => score < 0 || score > 1)
  const margins = scores.map((each) => {
    const [first = 0, ...others] = areLogits ? each.map((score) => 1 / (1 + Math.exp(-score))) : each
    return first - Math.max(...others)
  })
  return Math.min(...margins)
}
