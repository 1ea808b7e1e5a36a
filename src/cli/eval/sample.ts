import { fileURLToPath } from 'node:url'

/**
 * The sample collection: 30 queries of our own with ten passages each, in the order of trigrams shared with the query.
 * Irrelevant passages share words with their query, which misleads a ranking by words.
 */
export const SAMPLE_PATH = fileURLToPath(new URL('sample.jsonl', import.meta.url))
