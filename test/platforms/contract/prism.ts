import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

/** A Prism that listens on a free port of loopback. */
export interface Prism {
  url: string
  close: () => Promise<void>
}

/** The contract that the package is made from. */
export const PINNED = fileURLToPath(new URL('../../../openapi.json', import.meta.url))

/** Prism in the place of the service: it refuses requests that leave the contract, and answers the others. */
export function mock(contract: string = PINNED): Promise<Prism> {
  return start(['mock', contract])
}

/**
 * Prism before a server: it passes every request on, so that the server's own checks are heard, and answers 500 in
 * place of an answer that leaves the contract.
 */
export function proxy(server: string, contract: string = PINNED): Promise<Prism> {
  return start(['proxy', contract, server, '--validate-request', 'false'])
}

/** Prism in the place of a service with a contract of its own. */
export async function mockOf(contract: object): Promise<Prism> {
  const dir = await mkdtemp(join(tmpdir(), 'nebius-rerank-contract-'))
  const remove = (): Promise<void> => rm(dir, { recursive: true })
  try {
    const file = join(dir, 'openapi.json')
    await writeFile(file, JSON.stringify(contract))
    const { url, close } = await mock(file)
    // Prism starts anew when its contract changes, or is gone: it stays for as long as Prism does.
    return { url, close: () => close().finally(remove) }
  } catch (error) {
    await remove()
    throw error
  }
}

const COMMAND = fileURLToPath(new URL('../node_modules/@stoplight/prism-cli/dist/index.js', import.meta.url))

async function start(args: readonly string[]): Promise<Prism> {
  if (!existsSync(COMMAND)) throw new Error('Prism is not installed: npm test -- platforms installs it')
  const child = spawn(
    process.execPath,
    [COMMAND, ...args, '--errors', '--host', '127.0.0.1', '--port', '0'],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
      // Its log is in colours otherwise.
      env: { PATH: process.env['PATH'], FORCE_COLOR: '0' },
    },
  )
  const ended = once(child, 'exit')
  const close = async (): Promise<void> => {
    child.kill()
    await ended
  }
  for await (const line of createInterface({ input: child.stdout })) {
    const [, url] = /Prism is listening on (http:\S+)/.exec(line) ?? []
    if (url === undefined) continue
    // What it logs has to go somewhere.
    child.stdout.resume()
    return { url, close }
  }
  throw new Error(`prism ${args.join(' ')} ended before it listened; npm test -- platforms installs it anew`)
}
