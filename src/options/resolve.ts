import { version } from '../../package.json' with { type: 'json' }
import { spec } from '../api/types.ts'
import { isSecretHeader } from '../errors/redact.ts'
import { createCooldown } from '../limiter/cooldown.ts'
import { readOptions } from '../shared/option-table.ts'
import type { Option } from '../shared/option-table.ts'
import { invalid } from '../shared/validate.ts'
import { layOver } from './headers.ts'
import { CALL, CLIENT, HOOKS } from './rules.ts'
import { environment, isBrowser } from './runtime.ts'
import type { ClientOptions, ClientSettings, Settings } from './types.ts'

const BASE_URL = 'https://api.tokenfactory.nebius.com'

/**
 * Checks a client's options and fills in the environment and the defaults.
 * @throws TypeError for an invalid option, a missing key, or a key that would travel unencrypted
 */
export function resolveClient(options: ClientOptions): ClientSettings {
  const {
    apiKey,
    baseUrl: url,
    allowInsecureHttp,
    dangerouslyAllowBrowser,
    ...given
  } = readOptions(options, CLIENT) as GivenOptions
  if (isBrowser() && !dangerouslyAllowBrowser) {
    throw new TypeError(
      'In a browser anybody can read the API key: call from a server, or set dangerouslyAllowBrowser to true',
    )
  }
  const baseUrl =
    url === undefined
      ? readBaseUrl('NEBIUS_BASE_URL', environment('NEBIUS_BASE_URL') ?? BASE_URL)
      : readBaseUrl('baseUrl', url)
  const key = readKey(apiKey, given.fetch?.apiKey)
  const headers = layOver(
    {
      'content-type': 'application/json',
      accept: 'application/json',
      ...(key === null ? {} : { authorization: `Bearer ${key}` }),
      // A browser sets its own User-Agent, and would need the server's permission (CORS) to send another.
      ...(isBrowser() ? {} : { 'user-agent': `nebius-rerank/${version} (spec ${spec.version})` }),
    },
    given.headers,
  )
  const insecureOrigin = allowInsecureHttp ? undefined : plainHttpOrigin(baseUrl)
  assertSecure(headers, insecureOrigin)
  return {
    ...given,
    // What can't change needs to be read once.
    headers: given.fetch?.direct ? Object.freeze(headers) : headers,
    baseUrl,
    hooks: readOptions(given.hooks, HOOKS),
    rateLimiter: given.rateLimiter ?? createCooldown(given),
    insecureOrigin,
  }
}

/** A client's options, each by its rule, with the defaults of those that have one. */
type GivenOptions = Omit<ClientSettings, 'baseUrl' | 'rateLimiter' | 'insecureOrigin'> &
  Pick<ClientOptions, 'apiKey' | 'baseUrl' | 'rateLimiter' | 'allowInsecureHttp' | 'dangerouslyAllowBrowser'>

/** The settings of a call, and its signal. */
export interface CallSettings extends Settings {
  signal?: AbortSignal | undefined
}

/**
 * Lays the options of a call, by their table, over those of its client.
 * @throws TypeError for an invalid option, or a key that would travel unencrypted
 */
export function resolveCall(
  options: object,
  client: ClientSettings,
  table: Readonly<Record<string, Option>> = CALL,
): CallSettings {
  const settings = readOptions(options, table, client) as CallSettings
  if (settings.headers !== client.headers) assertSecure(settings.headers, client.insecureOrigin)
  return settings
}

function readKey(apiKey: unknown, ofFetch: string | undefined): string | null {
  const key = apiKey === undefined ? (ofFetch ?? environment('NEBIUS_API_KEY')) : apiKey
  if (key === null) return null
  if (key === undefined || key === '') {
    throw new TypeError('No API key: set NEBIUS_API_KEY or pass apiKey (null for a server that needs none)')
  }
  // Checked before any header is built, since what builds headers quotes an invalid one in its message.
  if (typeof key !== 'string' || !/^[\x21-\x7e]+$/.test(key)) {
    const name = apiKey === undefined && ofFetch === undefined ? 'NEBIUS_API_KEY' : 'apiKey'
    const found = typeof key === 'string' ? 'others (not shown), perhaps a line break' : typeof key
    throw new TypeError(`${name} must be printable ASCII without blanks, got ${found}`)
  }
  return key
}

function readBaseUrl(name: string, value: unknown): string {
  const expected = 'an absolute http or https URL without credentials, query or fragment'
  const text = String(value)
  // A URL that may hold credentials is not quoted.
  if (/[@?#]/.test(text))
    throw new TypeError(`${name} must be ${expected}, got one with @, ? or # (not shown)`)
  if (!/^https?:/i.test(text) || !URL.canParse(text)) invalid(name, expected, text)
  const { origin, pathname } = new URL(text)
  return origin + withoutSlashes(withoutSlashes(pathname).replace(/\/v1(?:\/rerank)?$/, ''))
}

/** A path without slashes at its end; a regular expression would look for the end of each run of them. */
function withoutSlashes(path: string): string {
  while (path.endsWith('/')) path = path.slice(0, -1)
  return path
}

function plainHttpOrigin(baseUrl: string): string | undefined {
  const { protocol, hostname, origin } = new URL(baseUrl)
  const isLoopback = /^(?:localhost|.+\.localhost|127(?:\.\d+){3}|\[::1\])$/.test(hostname)
  return protocol === 'https:' || isLoopback ? undefined : origin
}

function assertSecure(headers: Settings['headers'], insecureOrigin: string | undefined): void {
  const secret = insecureOrigin && Object.keys(headers).find(isSecretHeader)
  if (!secret) return
  const what = secret === 'authorization' ? 'The API key' : `The header ${secret}`
  throw new TypeError(
    `${what} would be sent unencrypted to ${insecureOrigin}: use https, or set allowInsecureHttp to true`,
  )
}
