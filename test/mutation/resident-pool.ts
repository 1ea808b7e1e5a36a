import { ForksPoolWorker } from 'vitest/node'
import type { PoolRunnerInitializer, PoolWorker, WorkerRequest } from 'vitest/node'

type Listener = Parameters<PoolWorker['on']>[1]

/** Files that a process runs before another takes its place: each leaves listeners behind. */
const LIFE_IN_FILES = 100

/**
 * A pool of one process that outlives its runs. Vitest starts a process for each file of each run, which takes longer than
 * most of our tests, and a mutant is a run. The modules are evaluated anew for each file all the same, by `isolate`;
 * only Vitest itself, and what is in node_modules, stays.
 */
export const residentPool: PoolRunnerInitializer = { name: 'resident', createPoolWorker: residentWorker }

/** Ends the process. */
export async function endResident(): Promise<void> {
  const { process } = resident ?? {}
  resident = undefined
  await process?.stop()
}

let resident: { process: ForksPoolWorker; files: number } | undefined

function residentWorker(options: ConstructorParameters<typeof ForksPoolWorker>[0]): PoolWorker {
  const listeners: [event: string, listener: Listener][] = []
  let isDone = false
  const processOf = (): ForksPoolWorker => resident?.process ?? new ForksPoolWorker(options)
  return {
    name: residentPool.name,
    async start() {
      if (!resident) {
        resident = { process: processOf(), files: 0 }
        await resident.process.start()
      }
      resident.files += 1
    },
    on(event, listener) {
      listeners.push([event, listener])
      processOf().on(event, listener)
    },
    off: (event, listener) => processOf().off(event, listener),
    send(message: WorkerRequest) {
      if (!('type' in message) || message.type !== 'stop') {
        processOf().send(message)
        return
      }
      isDone = true
      const answer = { __vitest_worker_response__: true, type: 'stopped' }
      for (const [event, listener] of listeners) if (event === 'message') listener(answer)
    },
    async stop() {
      const { process, files } = resident ?? { process: processOf(), files: 0 }
      for (const [event, listener] of listeners) process.off(event, listener)
      // One that is stopped without being asked is stuck.
      if (isDone && files < LIFE_IN_FILES) return
      resident = undefined
      await process.stop()
    },
    deserialize: (data) => data,
  }
}
