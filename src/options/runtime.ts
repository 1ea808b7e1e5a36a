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

/** Tells whether anybody who looks can read the key: in a page, and in a worker of one. */
export function isBrowser(): boolean {
  const { window, navigator } = globalThis as {
    window?: { document?: unknown }
    navigator?: { userAgent?: string }
  }
  // A worker of a page has no document; Node, Deno, Bun and workerd name themselves there.
  return window?.document !== undefined || navigator?.userAgent?.startsWith('Mozilla/') === true
}

const builtIn = globalThis.fetch

/** Tells whether the global fetch is undici's, as Node has it, and has not been replaced. */
export function isUndici(): boolean {
  const { process } = globalThis as { process?: { versions?: { undici?: string } } }
  return process?.versions?.undici !== undefined && globalThis.fetch === builtIn
}
