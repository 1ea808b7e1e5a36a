/** Waits at most `ms` milliseconds for the response of `name`. */
export async function within<Result>(response: Promise<Result>, ms: number, name: string): Promise<Result> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const isLate = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no response from ${name} in ${ms} ms`)), ms)
  })
  try {
    return await Promise.race([response, isLate])
  } finally {
    clearTimeout(timer)
  }
}

/** Waits for a response, and rejects if the caller aborts. */
export async function unlessAborted<Result>(
  response: Promise<Result>,
  caller: AbortSignal | undefined,
): Promise<Result> {
  let leave = (): void => undefined
  const isAborted = new Promise<never>((_, reject) => {
    // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- the caller's own reason
    leave = () => reject(caller?.reason)
    caller?.addEventListener('abort', leave)
  })
  try {
    return await Promise.race([response, isAborted])
  } finally {
    caller?.removeEventListener('abort', leave)
  }
}
