import { proxyActivities } from '@temporalio/workflow'
import type * as activities from './temporal-activities.ts'

const { rankJob } = proxyActivities<typeof activities>({
  startToCloseTimeout: '10 minutes',
  retry: { initialInterval: '1 second', maximumAttempts: 8 },
})

export async function rankAll(jobs: Parameters<typeof rankJob>[0][]) {
  return Promise.all(jobs.map((job) => rankJob(job)))
}
