import { randomBytes } from 'node:crypto'
import { lstat, open, readFile, unlink } from 'node:fs/promises'
import { isAlive, thisProcess } from './process-identity.ts'
import type { ProcessIdentity } from './process-identity.ts'
import { UsageError } from '../terminal.ts'

/** Keeps other runs from a file, on all machines that see it. */
export interface Lock {
  /** Checks that the lock is still held, unless it was checked recently. @throws UsageError if another run has it */
  check(): Promise<void>
  /** The name of a temporary file, used only by this lock. A run that takes over the lock removes the file. */
  readonly temporary: string
  /** Lets others have it. */
  release(): Promise<void>
}

/** Options of a lock. Times are milliseconds. */
export interface LockOptions {
  /** Milliseconds between two renewals of the lock by its owner. @default 2000 */
  beatMs?: number
  /** For how long a lock that cannot be asked after must be seen without a sign of life. @default 10_000 */
  deadAfterMs?: number
  /** Hears that a lock is being watched for signs of life, before that takes its time. */
  onWait?: (message: string) => void
  signal?: AbortSignal | undefined
}

/** The content of a lock file. */
interface Content extends ProcessIdentity {
  lock: typeof MAGIC
  /** A different one for each lock. */
  token: string
  /** Counts up while the owner lives. */
  beat: number
}

const MAGIC = 'nebius-rerank'

/** The lock file of a file. */
export function lockPath(path: string): string {
  return `${path}.${MAGIC}.lock`
}

/**
 * Locks a file by creating another file beside it. The lock of a process that has ended is taken over. If the process runs
 * on another machine, it counts as ended when it has not renewed its lock for a while.
 *
 * @throws UsageError if another run has the lock, or the lock's name is taken by something else
 */
export async function lockFile(path: string, options: LockOptions = {}): Promise<Lock> {
  return acquire(lockPath(path), path, options)
}

async function acquire(lock: string, path: string, options: LockOptions): Promise<Lock> {
  const content = {
    lock: MAGIC,
    token: randomBytes(8).toString('hex'),
    ...(await thisProcess()),
    beat: 0,
  } as const
  while (!(await isCreated(lock, textOf(content)))) {
    options.signal?.throwIfAborted()
    await removeStale(lock, path, options)
  }
  return held(lock, path, content, options)
}

function held(lock: string, path: string, content: Content, { beatMs = 2000 }: LockOptions): Lock {
  const { token } = content
  let seen = performance.now()
  let lost: UsageError | undefined
  const beat = async (): Promise<void> => {
    const found = await inspect(lock)
    if (found === undefined) await isCreated(lock, textOf(content))
    else if (found.content?.token === token) {
      content.beat += 1
      await overwrite(lock, textOf(content))
    } else
      lost = new UsageError(
        `${path} is now being written by ${ownerOf(found)}. Continue with --resume when it has ended`,
      )
    seen = performance.now()
  }
  const timer = setInterval(() => void beat().catch(() => undefined), beatMs)
  timer.unref()
  return {
    temporary: temporaryOf(path, token),
    async check() {
      // A process that was stopped, or a machine that slept, may have been taken for dead meanwhile.
      if (performance.now() - seen > 2 * beatMs) await beat()
      if (lost) throw lost
    },
    async release() {
      clearInterval(timer)
      const found = await inspect(lock).catch(() => undefined)
      if (found?.content?.token === token) await unlink(lock).catch(() => undefined)
    },
  }
}

/** A lock file as it was found. */
interface Found {
  text: string
  /** `undefined` for one that was not written to its end. */
  content: Content | undefined
}

/** Removes the lock of a process that has ended. @throws UsageError if the process still runs */
async function removeStale(lock: string, path: string, options: LockOptions): Promise<void> {
  const found = await inspect(lock)
  if (!found || !(await isStale(lock, path, found, options))) return
  // Only the owner of the lock's lock removes it, so that nobody removes one that another has put in its place.
  const claim = await acquire(`${lock}.${found.content?.token ?? 'half'}`, path, options)
  try {
    const now = await inspect(lock)
    if (now?.text !== found.text) return
    if (now.content) await unlink(temporaryOf(path, now.content.token)).catch(ignoreMissing)
    await unlink(lock).catch(ignoreMissing)
  } finally {
    await claim.release()
  }
}

async function isStale(lock: string, path: string, found: Found, options: LockOptions): Promise<boolean> {
  const { deadAfterMs = 10_000, onWait, signal } = options
  const alive = found.content && (await isAlive(found.content))
  if (alive !== undefined) {
    if (alive) throw busy(lock, path, found)
    return true
  }
  onWait?.(
    `${path} was locked by ${ownerOf(found)}: checking for ${Math.ceil(deadAfterMs / 1000)} s whether it still runs`,
  )
  for (let waited = 0; waited < deadAfterMs; waited += LOOK_MS) {
    await new Promise((resolve) => setTimeout(resolve, Math.min(LOOK_MS, deadAfterMs)))
    signal?.throwIfAborted()
    const now = await inspect(lock)
    if (now?.text === found.text) continue
    if (now && now.content?.token === found.content?.token) throw busy(lock, path, now)
    return false
  }
  return true
}

/** The time between two looks at a lock. */
const LOOK_MS = 500

function busy(lock: string, path: string, found: Found): UsageError {
  return new UsageError(
    `${path} is being written by ${ownerOf(found)}: wait until it has ended (if that process is another program, remove ${lock})`,
  )
}

function temporaryOf(path: string, token: string): string {
  return `${path}.${token}.tmp`
}

function ownerOf({ content }: Found): string {
  return content ? `process ${content.pid} on ${content.host}` : 'another process'
}

/** @throws UsageError for what is not a lock of this command; it is left alone */
async function inspect(lock: string): Promise<Found | undefined> {
  const stats = await lstat(lock).catch(ignoreMissing)
  if (!stats) return undefined
  const text =
    stats.isFile() && stats.size < LONGEST ? await readFile(lock, 'utf8').catch(ignoreMissing) : FOREIGN
  if (text === undefined) return undefined
  const content = contentOf(text)
  if (content || PREFIX.startsWith(text) || text.startsWith(PREFIX)) return { text, content }
  throw new UsageError(`${lock} is not a lock file of this command: move it away, or choose another output`)
}

const LONGEST = 10_000
const FOREIGN = 'foreign'
const PREFIX = `{"lock":"${MAGIC}",`

/** As long each time, so that it can be written over. */
function textOf(content: Content): string {
  return `${JSON.stringify({ ...content, beat: undefined }).slice(0, -1)},"beat":${String(content.beat).padStart(12)}}\n`
}

function contentOf(text: string): Content | undefined {
  try {
    const content: unknown = JSON.parse(text)
    return typeof content === 'object' && content !== null && Reflect.get(content, 'lock') === MAGIC
      ? (content as Content)
      : undefined
  } catch {
    return undefined
  }
}

/** Exclusive creation is all that it takes: there are file systems without links, such as exFAT and many networks'. */
async function isCreated(lock: string, text: string): Promise<boolean> {
  const file = await open(lock, 'wx').catch((error: unknown) => {
    if (codeOf(error) === 'EEXIST') return undefined
    throw error
  })
  if (!file) return false
  try {
    await file.writeFile(text)
  } catch (error) {
    await unlink(lock)
    throw error
  } finally {
    await file.close()
  }
  return true
}

async function overwrite(lock: string, text: string): Promise<void> {
  const file = await open(lock, 'r+')
  await file.write(text, 0).finally(() => file.close())
}

function ignoreMissing(error: unknown): undefined {
  if (codeOf(error) !== 'ENOENT') throw error
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined
}
