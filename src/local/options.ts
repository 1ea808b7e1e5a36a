import type { RerankRequest } from '../index.ts'
import { LONGEST_MS } from '../shared/abort.ts'
import { readOptions } from '../shared/option-table.ts'
import type { OptionTable, WithDefaults } from '../shared/option-table.ts'
import { FLAG, FUNCTION, isWhole, WHOLE } from '../shared/validate.ts'

/** Options of `createLocalReranker`. */
export interface LocalRerankerOptions {
  /** The only bearer key that the endpoint accepts. Other keys get a 401. @default undefined: any key that is not empty */
  apiKey?: string | undefined
  /** The ids of the models. Requests for other models get a 404. @default ['Qwen/Qwen3-Reranker-8B'] */
  models?: readonly string[] | undefined
  /** The most bytes of a request body. A larger request gets a 413. @default 33_554_432 (32 MiB) */
  maxBodyBytes?: number | undefined
  /** The most documents of a request. A request with more gets a 422, or a 413 if it is not parsed. @default 100_000 */
  maxDocuments?: number | undefined
  /** Allows web pages of any origin to call the endpoint. @default false */
  cors?: boolean | undefined
  /** Milliseconds to wait before each response. @default 0 */
  latencyMs?: number | undefined
  /** The share of requests that get a 503, from 0 to 1. @default 0 */
  failRate?: number | undefined
  /** The most requests in a minute. Further requests get a 429, with the service's headers. @default undefined: no limit */
  rateLimit?: number | undefined
  /** Returns your own response to a valid request, or `undefined` for the endpoint's response. @default undefined */
  respond?: LocalRespond | undefined
  /** Scores documents instead of BM25: returns one number for each document, in their order. @default undefined */
  score?: LocalScore | undefined
}

/** Returns a response to a request. */
export type LocalRespond = (request: RerankRequest) => Response | undefined | Promise<Response | undefined>

/** Returns the scores of documents. */
export type LocalScore = (
  query: string,
  documents: readonly string[],
) => ArrayLike<number> | Promise<ArrayLike<number>>

/** Options of `serveLocalReranker`. */
export interface LocalServerOptions extends LocalRerankerOptions {
  /** The TCP port, from 0 to 65535. 0 takes a free port. @default 0 */
  port?: number | undefined
  /** The address or host name to listen on. @default '127.0.0.1' */
  host?: string | undefined
}

/** {@link LocalRerankerOptions} with the defaults filled in. */
export type Settings = WithDefaults<
  LocalRerankerOptions,
  'models' | 'maxBodyBytes' | 'maxDocuments' | 'cors' | 'latencyMs' | 'failRate'
>

const isText = (value: unknown): boolean => typeof value === 'string' && value !== ''

const isFrom0 = (value: unknown): value is number => isWhole(value) && value >= 0

const LOCAL: OptionTable<LocalRerankerOptions> = {
  // Checked separately, because a message must not quote a key.
  apiKey: { rule: [() => true, ''] },
  models: {
    default: ['Qwen/Qwen3-Reranker-8B'],
    rule: [(ids) => Array.isArray(ids) && ids.length > 0 && ids.every(isText), 'an array of model ids'],
    merge: (_, ids: readonly string[]) => [...ids],
  },
  maxBodyBytes: { default: 32 * 1024 * 1024, rule: WHOLE },
  maxDocuments: { default: 100_000, rule: WHOLE },
  cors: { default: false, rule: FLAG },
  latencyMs: { default: 0, rule: [(ms) => isFrom0(ms) && ms <= LONGEST_MS, 'whole milliseconds, 0 or more'] },
  failRate: {
    default: 0,
    rule: [(share) => typeof share === 'number' && share >= 0 && share <= 1, 'a number from 0 to 1'],
  },
  rateLimit: { rule: [isFrom0, 'a whole number, 0 or more'] },
  respond: { rule: FUNCTION },
  score: { rule: FUNCTION },
}

const SERVER: OptionTable<LocalServerOptions> = {
  ...LOCAL,
  port: { default: 0, rule: [(port) => isFrom0(port) && port <= 65_535, 'a whole number from 0 to 65535'] },
  host: { default: '127.0.0.1', rule: [isText, 'an address or host name'] },
}

/** Checks the options of the endpoint and fills in the defaults. @throws TypeError for an invalid option */
export function resolveSettings(options: LocalRerankerOptions = {}): Settings {
  const settings = readOptions(options, LOCAL) as Settings
  const { apiKey } = settings
  if (apiKey !== undefined && !(typeof apiKey === 'string' && /^[\x21-\x7e]+$/.test(apiKey))) {
    throw new TypeError('apiKey must be printable ASCII without blanks (the value is not shown)')
  }
  return settings
}

/** Checks the options of the server and fills in the defaults. @throws TypeError for an invalid option */
export function resolveServer(
  options: LocalServerOptions = {},
): WithDefaults<LocalServerOptions, 'port' | 'host'> {
  return readOptions(options, SERVER) as ReturnType<typeof resolveServer>
}
