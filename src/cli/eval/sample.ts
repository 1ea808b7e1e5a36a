import { fileURLToPath } from 'node:url'

/**
 * The sample collection: 30 queries of our own with ten passages each, in the order of trigrams shared with the query.
 * Passages that don't answer a query share words with it, which a ranking by words falls for.
 */
export const SAMPLE_PATH = fileURLToPath(new URL('sample.jsonl', import.meta.url))
