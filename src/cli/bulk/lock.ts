import { readFileSync, unlinkSync } from 'node:fs'
import { link, readFile, rename, unlink, writeFile } from 'node:fs/promises'
import { UsageError } from '../terminal.ts'

const SIGNALS = ['SIGINT', 'SIGTERM'] as const

/**
 * Keeps other runs from a file, by a lock beside it that holds the number of this process, until the function that it
 * returns is called or a signal ends the process. A lock whose process is no more is taken over.
 *
 * @throws UsageError where another run has it
 */
export async function lockFile(path: string): Promise<() => void> {
  const lock = `${path}.lock`
  // It is there with its content or not at all.
  const own = `${lock}.${process.pid}`
  const content = `${process.pid}\n`
  await writeFile(own, content)
  try {
    while (!(await isLinked(own, lock))) await removeStale(lock, path)
  } finally {
    await unlink(own)
  }
  return holdUntilEnd(lock, content)
}

function holdUntilEnd(lock: string, content: string): () => void {
  const release = (): void => {
    for (const signal of SIGNALS) process.off(signal, end)
    try {
      if (readFileSync(lock, 'utf8') === content) unlinkSync(lock)
    } catch {
      // Somebody was faster; or it stays, and is taken over once this process is no more.
    }
  }
  const end = (signal: NodeJS.Signals): void => {
    release()
    // Nobody listens any more: it ends the process.
    process.kill(process.pid, signal)
  }
  for (const signal of SIGNALS) process.on(signal, end)
  return release
}

async function removeStale(lock: string, path: string): Promise<void> {
  const owner = await ownerOf(lock)
  if (owner === undefined) return
  if (isAlive(owner)) {
    throw new UsageError(
      `${path} is being written by process ${owner}: wait until that has ended (or, if it is something else, remove ${lock})`,
    )
  }
  // Of several who find it stale, one moves it away. Who is late may have moved the lock of the first: it goes back.
  const moved = `${lock}.${process.pid}.stale`
  await rename(lock, moved).catch(ignoreMissing)
  if ((await ownerOf(moved)) !== owner) await isLinked(moved, lock)
  await unlink(moved).catch(ignoreMissing)
}

async function isLinked(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to)
    return true
  } catch (error) {
    if (codeOf(error) === 'EEXIST' || codeOf(error) === 'ENOENT') return false
    throw error
  }
}

/** The process that a lock names; 0 where it names none, `undefined` where there is no lock. */
async function ownerOf(lock: string): Promise<number | undefined> {
  const text = await readFile(lock, 'utf8').catch(ignoreMissing)
  return text === undefined ? undefined : Number.parseInt(text, 10) || 0
}

function isAlive(pid: number): boolean {
  // In a container each run may have the same number, and be the only one to have it.
  if (pid <= 0 || pid === process.pid) return false
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return codeOf(error) === 'EPERM'
  }
}

function ignoreMissing(error: unknown): undefined {
  if (codeOf(error) !== 'ENOENT') throw error
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined
}
