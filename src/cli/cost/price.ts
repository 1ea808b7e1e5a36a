import type { RerankClient } from '../../index.ts'
import { getModels, modelsIn } from '../models.ts'
import { variable } from '../terminal.ts'
import type { Shell } from '../terminal.ts'

/** The price of a million tokens. */
export interface Price {
  /** `undefined` if the price is unknown. */
  perMillion: number | undefined
  currency: 'in US dollars' | 'in the price’s currency'
  /** The origin of the price, or advice if it is unknown. */
  source: string
}

const CURRENCY = 'in the price’s currency'

const TIMEOUT_MS = 10_000

const GIVE = 'or give --price PER_MILLION'
const NO_KEY = `the service shows prices only with a key: set NEBIUS_API_KEY, ${GIVE}`
const REFUSED = `the service did not accept the key: check NEBIUS_API_KEY, ${GIVE}`

/** The price from the flag, or else from the service's list. It may be unknown. */
export async function findPrice(
  flag: number | undefined,
  client: RerankClient,
  model: string,
  shell: Shell,
): Promise<Price> {
  if (flag !== undefined) return { perMillion: flag, currency: CURRENCY, source: 'from --price' }
  const unknown: Price = {
    perMillion: undefined,
    currency: CURRENCY,
    source: 'the service lists no price for the model: give --price PER_MILLION',
  }
  try {
    const apiKey = variable(shell, 'NEBIUS_API_KEY') ?? null
    const { createNodeFetch } = await import('../../node/index.ts')
    const fetch = createNodeFetch({ proxy: true })
    const { status, body } = await getModels(client, { apiKey, fetch, timeoutMs: TIMEOUT_MS })
    if (status === 401 || status === 403) return { ...unknown, source: apiKey === null ? NO_KEY : REFUSED }
    const listed = status === 200 ? modelsIn(body)?.find(({ id }) => id === model) : undefined
    if (listed?.pricePerMillion === undefined) return unknown
    return {
      perMillion: listed.pricePerMillion,
      currency: 'in US dollars',
      source: 'from the service’s list',
    }
  } catch {
    return { ...unknown, source: 'the service could not be reached: give --price PER_MILLION' }
  }
}
