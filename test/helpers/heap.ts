import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/** Bytes of heap in use once nothing is left to collect. */
export async function heapUsed(): Promise<number> {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  // Twice, with a turn in between: finalizers free more.
  collect()
  await new Promise(setImmediate)
  collect()
  return process.memoryUsage().heapUsed
}
