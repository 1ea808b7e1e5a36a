// Part of npm run bench: what is left of 10,000 calls that share one signal, as those of a service share the one that
// shuts it down. Each caller is measured in a process of its own, run with --expose-gc.
import { fork } from 'node:child_process'
import { getEventListeners, once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { CALLERS, documentsOf, load, OURS, serve, titleOf } from './callers.ts'
import type { Caller } from './callers.ts'
import type { Setup } from './callers/caller.d.ts'
import { endProgress, loss, progress, submit } from './report.ts'

const CALLS = 10_000
const WARM_UP = 500
const DOCUMENTS = 10

interface Remains {
  /** Bytes of heap that each call left. */
  bytes: number
  listeners: number
  warned: boolean
}

const [, , only, setup] = process.argv
if (only === undefined || setup === undefined) await compare()
else process.send?.(await remainsOf(only as Caller, JSON.parse(setup) as Setup))

async function compare(): Promise<void> {
  const service = await serve(DOCUMENTS)
  const remains = new Map<Caller, Remains>()
  for (const [at, caller] of CALLERS.entries()) {
    progress('signal', at / CALLERS.length)
    const child = fork(fileURLToPath(import.meta.url), [caller, JSON.stringify(service.setup)], {
      execArgv: [...process.execArgv, '--expose-gc'],
      stdio: ['ignore', 'inherit', 'ignore', 'ipc'],
    })
    const [found] = (await Promise.race([once(child, 'message'), failed(child, caller)])) as [Remains]
    remains.set(caller, found)
    child.disconnect()
  }
  endProgress()
  await service.end()

  const ours = remains.get(OURS)
  const better = CALLERS.filter((caller) => (remains.get(caller)?.listeners ?? 0) < (ours?.listeners ?? 0))
  submit({
    tables: [
      {
        title: `After ${CALLS.toLocaleString('en')} calls that share a signal`,
        columns: ['', 'heap left by a call', 'listeners on the signal', 'Node warned of a leak'],
        rows: [...remains].map(([caller, { bytes, listeners, warned }]) => [
          titleOf(caller),
          `${Math.max(0, bytes).toFixed(0)} B`,
          listeners.toLocaleString('en'),
          warned ? 'yes' : 'no',
        ]),
      },
    ],
    losses: loss('fewer listeners are left by others', better.map(titleOf)),
  })
}

async function remainsOf(caller: Caller, to: Setup): Promise<Remains> {
  let warned = false
  process.on('warning', ({ name }) => (warned ||= name === 'MaxListenersExceededWarning'))
  const call = await load(caller, to)
  const documents = documentsOf(DOCUMENTS)
  const { signal } = new AbortController()
  for (let done = 0; done < WARM_UP; done++) await call('dolor', documents, signal)
  const before = await heapInUse()
  for (let done = 0; done < CALLS; done++) await call('dolor', documents, signal)
  const bytes = ((await heapInUse()) - before) / CALLS
  return { bytes, listeners: getEventListeners(signal, 'abort').length, warned }
}

/** Once nothing is left to collect; what is collected may free more. */
async function heapInUse(): Promise<number> {
  if (!globalThis.gc) throw new Error('run with --expose-gc')
  for (let time = 0; time < 3; time++) {
    globalThis.gc()
    await new Promise(setImmediate)
  }
  return process.memoryUsage().heapUsed
}

async function failed(child: ReturnType<typeof fork>, caller: Caller): Promise<never> {
  const [code] = (await once(child, 'exit')) as [number | null]
  throw new Error(`${caller} ended with ${code ?? 'a signal'}`)
}
