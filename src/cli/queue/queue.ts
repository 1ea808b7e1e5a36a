/** The name of the queue that the command uses, one in each database of a Redis. */
export const QUEUE = 'nebius-rerank'
