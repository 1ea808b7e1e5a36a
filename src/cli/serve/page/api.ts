/** The settings of the page, from its server. */
export interface Settings {
  /** The hosted model ranks. */
  live: boolean
  needsKey: boolean
  model: string
  baseUrl: string
  spec: string
}

/** A request as it is sent. */
export interface RankRequest {
  model: string
  query: string
  documents: readonly string[]
}

/** A scored document. */
export interface Result {
  index: number
  relevance_score: number
  /** The part of the document that the score is of, in UTF-16 code units, where a response tells. */
  passage?: { start: number; end: number }
}

/** A response as far as the page needs it, best first. */
export interface Ranking {
  results: Result[]
  tokens: number | undefined
}

/** The parts of the form that a failure can concern. */
export type Field = 'query' | 'documents' | 'b' | 'key'

/** A failure that is worded for the reader. */
export class Failure extends Error {
  readonly field: Field | undefined

  constructor(message: string, field?: Field, options?: ErrorOptions) {
    super(message, options)
    this.field = field
  }
}

/** Reads the settings of the page from the server. */
export async function readSettings(): Promise<Settings> {
  const response = await fetch('/page/settings.json')
  const settings = (await response.json()) as Settings
  return { ...settings, baseUrl: settings.live ? settings.baseUrl : location.origin }
}

/** Ranks by the server that the page came from. @throws Failure, or the reason of the signal */
export async function rank(request: RankRequest, key: string, signal: AbortSignal): Promise<Ranking> {
  const response = await fetch('/v1/rerank', {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${key === '' ? 'page' : key}` },
    body: JSON.stringify(request),
    signal,
  }).catch((error: unknown) => {
    if (signal.aborted) throw error
    const message = 'The server can’t be reached. Is `nebius-rerank serve` still running?'
    throw new Failure(message, undefined, { cause: error })
  })
  const body: unknown = await response.json().catch((error: unknown) => {
    if (signal.aborted) throw error
    return undefined
  })
  if (!response.ok) throw failureOf(response, body, key !== '')
  return rankingIn(body, request.documents.length)
}

function rankingIn(body: unknown, documents: number): Ranking {
  const results = at(body, 'results')
  const isResult = (value: unknown): value is Result => {
    const index = at(value, 'index')
    return (
      Number.isInteger(index) &&
      Number(index) >= 0 &&
      Number(index) < documents &&
      Number.isFinite(at(value, 'relevance_score'))
    )
  }
  if (!Array.isArray(results) || !results.every(isResult)) {
    throw new Failure('The server’s response is not a ranking of these documents.')
  }
  const tokens = at(at(body, 'usage'), 'total_tokens')
  return {
    results: results.toSorted((a, b) => b.relevance_score - a.relevance_score),
    tokens: typeof tokens === 'number' ? tokens : undefined,
  }
}

function failureOf({ status, headers }: Response, body: unknown, hasKey: boolean): Failure {
  const wait = Number(headers.get('retry-after') ?? NaN)
  const [said, field] = saidIn(body)
  if (status === 401)
    return new Failure(hasKey ? 'The server does not accept this key.' : 'This server asks for a key.', 'key')
  if (status === 402) return new Failure('The account has no credit left.')
  if (status === 404) return new Failure(`The service found nothing there (404). ${said}`)
  if (status === 413) {
    return new Failure(
      'The request is too large for the server. Send fewer or shorter documents.',
      'documents',
    )
  }
  if (status === 422 || status === 400) {
    return new Failure(`The service did not accept the request. ${said}`, field)
  }
  if (status === 429) {
    return new Failure(`Too many requests. Try again ${wait > 0 ? `in ${wait} seconds` : 'soon'}.`)
  }
  if (status >= 500) return new Failure(`The service failed with ${status}. ${said} Try again.`)
  return new Failure(`The service rejected the request with ${status}. ${said}`)
}

/** The sentence in a failure's body, and the field that it concerns. */
function saidIn(body: unknown): [sentence: string, field: Field | undefined] {
  const detail = at(body, 'detail') ?? at(at(body, 'error'), 'message') ?? at(body, 'error')
  if (typeof detail === 'string') return [/[.!?]$/.test(detail) ? detail : `${detail}.`, undefined]
  if (!Array.isArray(detail)) return ['', undefined]
  const sentences = detail.slice(0, 3).map((issue: unknown) => {
    const [, name, place] = [at(issue, 'loc')].flat()
    const where = name === 'documents' && typeof place === 'number' ? `Document ${place + 1}` : String(name)
    return `${where}: ${String(at(issue, 'msg'))}.`
  })
  const [, name] = [at(detail[0], 'loc')].flat()
  return [sentences.join(' '), name === 'query' || name === 'documents' ? name : undefined]
}

function at(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined
}
