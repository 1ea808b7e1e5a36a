// What differs from runtime to runtime. Nothing else in the client asks for it.

/** An environment variable; empty counts as unset. The only reader of the environment. */
export function environment(name: string): string | undefined {
  const { process } = globalThis as { process?: { env?: Record<string, string | undefined> } }
  try {
    const value = process?.env?.[name]
    return value === '' ? undefined : value
  } catch {
    // Deno throws where it was not allowed to read it.
    return undefined
  }
}

/** True in a web page and its workers, where anybody can read the key. */
export function isBrowser(): boolean {
  const { window, navigator } = globalThis as {
    window?: { document?: unknown }
    navigator?: { userAgent?: string }
  }
  // A worker of a page has no document; Node, Deno, Bun and workerd name themselves there.
  return window?.document !== undefined || navigator?.userAgent?.startsWith('Mozilla/') === true
}

const builtIn = globalThis.fetch

/** True if the global fetch is that of Node (undici), and has not been replaced. */
export function isUndici(): boolean {
  const { process } = globalThis as { process?: { versions?: { undici?: string } } }
  return process?.versions?.undici !== undefined && globalThis.fetch === builtIn
}
