import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { CutOff, documentText, type DocumentText } from './lib/document-text.ts'
import { fileFault, messageOf, PipelineError, printableLine, quoted, UpstreamError } from './lib/failure.ts'
import { valueAt } from './lib/json.ts'

/** The document of the live API. */
export const LIVE_URL = 'https://api.tokenfactory.nebius.com/openapi.json'

/** Options for reading a document. */
export interface UpstreamOptions {
  /** Milliseconds for everything together: tries, redirects, back-off and the body. @default 30_000 */
  timeoutMs?: number
  /** Bytes that a document may have, unpacked. @default 33_554_432 (32 MiB) */
  maxBytes?: number
  /** Waits between tries; rejects once the signal fires. */
  wait?: (milliseconds: number, signal: AbortSignal) => Promise<unknown>
  /** Called with a description of each step, as a printable line. */
  progress?: (line: string) => void
}

const TRIES = 3
const FIRST_WAIT_MS = 500
/** A shorter one is over before a request can arrive. */
const SHORTEST_WAIT_MS = 10
const MAX_REDIRECTS = 3
const REQUEST = { redirect: 'manual', headers: { accept: 'application/json' } } as const
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308])
const PASSING: ReadonlySet<number> = new Set([408, 425, 429])

const DEFAULTS: Required<UpstreamOptions> = {
  timeoutMs: 30_000,
  maxBytes: 32 * 1024 * 1024,
  wait: (milliseconds, signal) => sleep(milliseconds, undefined, { signal }),
  progress: () => undefined,
}

/** A failure that may have passed by the next try. */
class PassingFault extends PipelineError {
  /** Milliseconds that the server asks to wait; undefined if it names no wait. */
  readonly waitMs: number | undefined

  constructor(
    message: string,
    { waitMs, ...options }: ErrorOptions & { readonly waitMs?: number | undefined } = {},
  ) {
    super(message, options)
    this.waitMs = waitMs
  }
}

/**
 * Reads a JSON document as {@link readUpstreamText} does; large parts of it are read when they are asked for.
 *
 * @throws UpstreamError that says what is wrong, without the URL's credentials and query.
 */
export async function readUpstream(source: string, options: UpstreamOptions = {}): Promise<unknown> {
  return (await readUpstreamText(source, options)).document
}

/**
 * Reads a JSON document and its text from a URL or a file, within bounds of time and size. Only https, or http on this
 * machine; redirects stay on the host and never leave https. The content says what a document is, whatever
 * its media type. Of a key that is there twice the last counts, as `JSON.parse` has it. What may pass is tried again,
 * after the wait that the server asks for: connections that fail, bodies that are cut off, 408, 425, 429 and 5xx.
 *
 * @throws UpstreamError that says what is wrong, without the URL's credentials and query.
 */
export async function readUpstreamText(source: string, options: UpstreamOptions = {}): Promise<DocumentText> {
  const settings = { ...DEFAULTS, ...options }
  const isUrl = /^[a-z][a-z\d+.-]*:\/\//i.test(source)
  const label = printableLine(isUrl ? urlLabel(source) : source)
  const signal = AbortSignal.timeout(settings.timeoutMs)
  settings.progress(`reading ${label}`)
  try {
    return isUrl
      ? await fetchWithRetries(permittedUrl(source), signal, settings)
      : documentText(await readFileBytes(source, signal, settings.maxBytes))
  } catch (error) {
    const reason = signal.aborted ? `it took longer than ${settings.timeoutMs / 1000} s` : fileFault(error)
    throw new UpstreamError(`cannot use ${label}: ${reason}`, { cause: error })
  }
}

async function fetchWithRetries(
  url: URL,
  signal: AbortSignal,
  { timeoutMs, maxBytes, wait, progress }: Required<UpstreamOptions>,
): Promise<DocumentText> {
  const end = performance.now() + timeoutMs
  for (let tries = 1; ; tries++) {
    try {
      return await fetchDocument(url, signal, maxBytes)
    } catch (error) {
      if (!(error instanceof PassingFault) || signal.aborted) throw error
      if (tries === TRIES) throw new PipelineError(`${error.message}, after ${TRIES} tries`, { cause: error })
      const waitMs = error.waitMs ?? FIRST_WAIT_MS * 2 ** (tries - 1)
      if (error.waitMs !== undefined && performance.now() + waitMs > end)
        throw tooLong(error, waitMs, timeoutMs)
      progress(`trying again: ${error.message}`)
      await wait(waitMs, signal)
    }
  }
}

function tooLong({ message }: PassingFault, waitMs: number, timeoutMs: number): PipelineError {
  const seconds = Math.ceil(waitMs / 1000)
  return new PipelineError(
    `${message} and asks to wait ${seconds} s, longer than the ${timeoutMs / 1000} s allowed in all`,
  )
}

async function fetchDocument(url: URL, signal: AbortSignal, maxBytes: number): Promise<DocumentText> {
  const bytes = await fetchBytes(url, signal, maxBytes)
  try {
    return documentText(bytes)
  } catch (error) {
    // A body without a length, or packed, breaks off without a sign.
    throw error instanceof CutOff ? new PassingFault(error.message, { cause: error }) : error
  }
}

async function fetchBytes(start: URL, signal: AbortSignal, maxBytes: number): Promise<Uint8Array> {
  let url = start
  for (let redirects = 0; ; redirects++) {
    const response = await fetch(url, { ...REQUEST, signal }).catch(passing)
    if (response.ok) return bounded(response.body ?? [], maxBytes).catch(passing)
    await response.body?.cancel().catch(passing)
    if (!REDIRECTS.has(response.status)) throw faultOf(response)
    if (redirects === MAX_REDIRECTS) throw new PipelineError(`it redirects more than ${MAX_REDIRECTS} times`)
    url = redirected(url, response.headers.get('location'))
  }
}

/** Rethrows what went wrong on the way as a failure that may pass; our own refusals stay what they are. */
function passing(error: unknown): never {
  if (error instanceof PipelineError) throw error
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
  // Node's failure to connect to any of several addresses has a code and no message.
  const reason = messageOf(cause) || String(valueAt(cause, 'code'))
  throw new PassingFault(`the network failed: ${reason}`, { cause: error })
}

function faultOf({ status, headers }: Response): PipelineError {
  const message = `it responded with ${status}`
  const isPassing = status >= 500 || PASSING.has(status)
  return isPassing ? new PassingFault(message, { waitMs: waitIn(headers) }) : new PipelineError(message)
}

/** The wait that `Retry-After` asks for: seconds, or a date by the server's own clock. Next to nothing names no wait. */
function waitIn(headers: Headers): number | undefined {
  const value = headers.get('retry-after') ?? ''
  const now = Date.parse(headers.get('date') ?? '') || Date.now()
  const isDate = /^[A-Z][a-z]+, .* GMT$/.test(value)
  const waitMs = isDate ? Date.parse(value) - now : /^\d+(?:\.\d+)?$/.test(value) ? Number(value) * 1000 : NaN
  return waitMs >= SHORTEST_WAIT_MS ? waitMs : undefined
}

function redirected(from: URL, location: string | null): URL {
  if (location === null || !URL.canParse(location, from.href))
    throw new PipelineError('it redirects without a location')
  const to = permittedUrl(new URL(location, from).href)
  if (to.host !== from.host) throw new PipelineError(`it redirects to another host, ${quoted(to.host)}`)
  if (from.protocol === 'https:' && to.protocol !== 'https:')
    throw new PipelineError('it redirects away from https')
  return to
}

function permittedUrl(source: string): URL {
  if (!URL.canParse(source)) throw new PipelineError('it is not a valid URL')
  const url = new URL(source)
  if (url.username !== '' || url.password !== '')
    throw new PipelineError('a URL with credentials is not accepted')
  const permitted = url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname))
  if (!permitted) throw new PipelineError('only https is accepted, or http on this machine')
  return url
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d+){3}$/.test(hostname)
}

/** A URL without what may be secret in it: credentials, query and fragment. */
function urlLabel(source: string): string {
  if (!URL.canParse(source)) return 'the URL'
  const { protocol, host, pathname } = new URL(source)
  return `${protocol}//${host}${pathname}`
}

async function readFileBytes(path: string, signal: AbortSignal, maxBytes: number): Promise<Uint8Array> {
  // A pipe or a device could block for ever, or never end.
  if (!(await stat(path)).isFile()) throw new PipelineError('it is not a file')
  return bounded(createReadStream(path, { signal }), maxBytes)
}

async function bounded(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  maxBytes: number,
): Promise<Uint8Array> {
  const kept: Uint8Array[] = []
  let size = 0
  for await (const chunk of chunks) {
    size += chunk.length
    if (size > maxBytes) throw new PipelineError(`it is larger than ${maxBytes / 1024 / 1024} MiB`)
    kept.push(chunk)
  }
  return Buffer.concat(kept)
}
