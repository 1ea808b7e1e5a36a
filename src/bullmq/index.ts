/**
 * Rankings as jobs of BullMQ, which survive a crash of the process that adds them.
 *
 * @module nebius-rerank/bullmq
 */

export type { QueuedJob, QueuedResult } from './job-data.ts'
export { createRankProcessor } from './processor.ts'
export type { ProcessedJob, RankProcessor, RankProcessorOptions } from './processor.ts'
export type { FlowLike, QueueEntry, QueueLike, QueuePart, SettledJob } from './queue.ts'
export { rankOn } from './rank-on.ts'
export type { QueueOutcome, RankOnOptions } from './rank-on.ts'
