// Part of npm run bench: 4,000 jobs on four workers of a queue, and the same with kill -9 of a worker, of the collector and of
// Redis in the middle.
import { install } from '../scripts/check/programs.ts'
import { rankOnQueue } from '../test/queues/faults.ts'
import type { FaultyRunEnd } from '../test/queues/faults.ts'
import { installQueueCommand } from '../test/queues/installed.ts'
import { submit } from './report.ts'

const JOBS = 4000
const PER_SECOND = 150
const MOST = 1.15

await install('test/queues')
const command = await installQueueCommand()
const [without, withFaults] = [await run(false), await run(true)]
await command.remove()
const ratio = withFaults.seconds / without.seconds
const isExact = [without, withFaults].every(
  ({ ids, failed }) => failed === 0 && ids.every((id, at) => id === at),
)
submit({
  tables: [
    {
      title: `${JOBS} jobs on four workers, a limit of ${PER_SECOND} a second`,
      columns: ['run', 'time', 'outcomes', 'failed', 'sent twice'],
      rows: [rowOf('without faults', without), rowOf('a worker, the collector and Redis killed', withFaults)],
    },
  ],
  goals: [
    {
      text: `with a worker, the collector and Redis killed, each job has one outcome, in at most ${MOST} times the time`,
      isMet: isExact && ratio <= MOST,
      found: `${isExact ? 'one each' : 'not one each'}, in ${ratio.toFixed(2)} times the time`,
    },
  ],
})
process.exit()

function run(hasFaults: boolean): Promise<FaultyRunEnd> {
  return rankOnQueue(command, { jobs: JOBS, perSecond: PER_SECOND, hasFaults })
}

function rowOf(name: string, { seconds, ids, failed, admitted }: FaultyRunEnd): string[] {
  return [name, `${seconds.toFixed(1)} s`, String(ids.length), String(failed), String(admitted.length - JOBS)]
}
