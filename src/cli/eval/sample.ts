import { fileURLToPath } from 'node:url'

/** The sample collection: 30 queries of our own with ten passages each, in the order of trigrams shared with the query. */
export const SAMPLE_PATH = fileURLToPath(new URL('sample.jsonl', import.meta.url))
