import { onAbort } from './abort.ts'

/** Waits no longer than so many milliseconds for what `name` is to respond, nor when the caller aborts. */
export async function within<Result>(
  response: Promise<Result>,
  ms: number,
  name: string,
  caller?: AbortSignal,
): Promise<Result> {
  let end = (): void => undefined
  const isOver = new Promise<never>((_, reject) => {
    const timer = setTimeout(() => reject(new Error(`no response from ${name} in ${ms} ms`)), ms)
    // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- the caller's own reason
    const forget = caller && onAbort(caller, () => reject(caller.reason))
    end = () => {
      clearTimeout(timer)
      forget?.()
    }
  })
  try {
    return await Promise.race([response, isOver])
  } finally {
    end()
  }
}
