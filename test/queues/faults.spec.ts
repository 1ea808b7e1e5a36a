import { afterAll, beforeAll, expect, test } from 'vitest'
import type { InstalledCommand } from '../helpers/command.ts'
import { rankOnQueue } from './faults.ts'
import { installQueueCommand } from './installed.ts'

let command: InstalledCommand
beforeAll(async () => {
  command = await installQueueCommand()
})
afterAll(() => command.remove())

test('of 4,000 jobs each has one outcome, though a worker, the collector and Redis are killed', async () => {
  const jobs = 4000
  const { code, stderr, ids, failed, admitted } = await rankOnQueue(command, {
    jobs,
    perSecond: 300,
    hasFaults: true,
  })
  expect({ code, stderr, failed }).toMatchObject({ code: 0, failed: 0 })
  expect(ids).toEqual(Array.from({ length: jobs }, (_, id) => id))
  // Those that were in flight at a kill, and what Redis had not written down yet, are sent twice.
  expect(new Set(admitted).size).toBe(jobs)
  expect(admitted.length).toBeLessThan(1.2 * jobs)
})
