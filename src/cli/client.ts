import { createRerankClient } from '../index.ts'
import type { ClientOptions, RankOptions, RerankClient } from '../index.ts'
import { choiceFlag, numberFlag } from './flags.ts'
import { UsageError, variable } from './terminal.ts'
import type { Shell } from './terminal.ts'

/** The values of `SERVICE_FLAGS`. */
export interface ServiceFlags {
  model?: string | undefined
  'service-tier'?: string | undefined
  local: boolean
  'base-url'?: string | undefined
  timeout?: string | undefined
  /** A run that sends nothing to be ranked needs no key. */
  'dry-run'?: boolean
}

/** The client that ranks, and the options of its requests. */
export interface Service {
  client: RerankClient
  options: Pick<RankOptions<unknown>, 'serviceTier' | 'deadlineMs' | 'maxDocumentsPerRequest'>
}

/** The service that flags and environment name. @throws UsageError */
export async function serviceFor(
  flags: ServiceFlags,
  shell: Shell,
  hooks: ClientOptions['hooks'] = {},
): Promise<Service> {
  const seconds = numberFlag('timeout', flags.timeout, { least: 0.001, most: 2_000_000, unit: 'seconds' })
  const options = {
    serviceTier: choiceFlag('service-tier', flags['service-tier'], ['auto', 'default', 'flex', 'no-limit']),
    deadlineMs: seconds === undefined ? undefined : seconds * 1000,
  }
  if (flags.local)
    return { client: await localClient(flags), options: { ...options, maxDocumentsPerRequest: MOST } }

  const baseUrl = flags['base-url'] ?? variable(shell, 'NEBIUS_BASE_URL')
  const apiKey = variable(shell, 'NEBIUS_API_KEY') ?? null
  if (apiKey === null && isHosted(baseUrl) && flags['dry-run'] !== true) {
    throw new UsageError('No API key: set NEBIUS_API_KEY, or add --local to rank by words on this machine')
  }
  const { createNodeFetch } = await import('../node/index.ts')
  const client = usable(() =>
    createRerankClient({
      apiKey,
      baseUrl,
      model: flags.model,
      hooks,
      fetch: createNodeFetch({ proxy: true }),
    }),
  )
  return { client, options }
}

/** True if a base URL belongs to Nebius, whose service requires a key. Another server may require none. */
export function isHosted(baseUrl: string | undefined): boolean {
  if (baseUrl === undefined) return true
  return URL.canParse(baseUrl) && /(?:^|\.)nebius\.com$/.test(new URL(baseUrl).hostname)
}

/** Makes a value from flags and environment. @throws UsageError if they are invalid */
export function usable<Made>(make: () => Made): Made {
  try {
    return make()
  } catch (error) {
    if (error instanceof TypeError) throw new UsageError(error.message, { cause: error })
    throw error
  }
}

/** Scores by words compare within one response only, so everything goes into one request. */
const MOST = Number.MAX_SAFE_INTEGER

async function localClient(flags: ServiceFlags): Promise<RerankClient> {
  const vain = (['model', 'service-tier', 'base-url'] as const).find((name) => flags[name] !== undefined)
  if (vain)
    throw new UsageError(
      `--${vain} has no effect with --local, which ranks by words on this machine: leave it out`,
    )
  const { localFetch } = await import('./local-fetch.ts')
  return createRerankClient({ fetch: localFetch, maxResponseBytes: Infinity })
}
