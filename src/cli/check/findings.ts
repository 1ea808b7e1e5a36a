import { isRerankError, spec } from '../../index.ts'
import { property } from '../../shared/property.ts'
import { isHosted } from '../client.ts'
import { withoutNextStep } from '../failure.ts'
import { modelsIn } from '../models.ts'
import { nearest } from '../nearest.ts'
import { CANARY_PAIRS, marginOf, TEXT_TOKENS_A_PAIR } from './canary.ts'
import { failed, ok, skipped } from './finding.ts'
import type { Finding, Verdict } from './finding.ts'
import { hostVerdict } from './host.ts'
import type { Facts } from './probe.ts'

/** The findings from the facts, one for each thing that is checked. */
export function findings(facts: Facts, { isByProxy }: { isByProxy: boolean }): Finding[] {
  const verdicts: [string, Verdict][] = [
    ['key', keyVerdict(facts)],
    ['host', isByProxy ? skipped('not reachable through the proxy') : hostVerdict(facts)],
    ['model', modelVerdict(facts)],
    ['ranking', rankingVerdict(facts)],
    ['tokens', tokensVerdict(facts)],
    ['limits', limitsVerdict(facts)],
    ['clock', clockVerdict(facts)],
    ['spec', specVerdict(facts)],
  ]
  return verdicts.map(([name, verdict]) => ({ name, ...verdict }))
}

/** Statuses of a service that does not accept the key. */
const REFUSALS: ReadonlySet<number> = new Set([401, 403])

/** Kinds of errors of a service that has accepted the key. */
const SHOWS_KEY: ReadonlySet<string> = new Set(['not_found', 'bad_request', 'rate_limit'])

const NEW_KEY = 'create one at https://tokenfactory.nebius.com/?modals=create-api-key'

function keyVerdict({ baseUrl, hasKey, keyProblem, models, ranking }: Facts): Verdict {
  if (keyProblem !== undefined) {
    return keyProblem.startsWith('apiKey')
      ? failed(
          'NEBIUS_API_KEY contains a character that can’t be sent, such as a space or a line break',
          'Set it again',
        )
      : failed('it would be sent unencrypted, to an http address', 'Use an https address for --base-url')
  }
  const statuses = [models, ranking].map((each) => Number(property(each, 'status')))
  const refusal = statuses.find((status) => REFUSALS.has(status))
  if (!hasKey && isHosted(baseUrl)) {
    return failed('NEBIUS_API_KEY is not set', `Set it to your key, or ${NEW_KEY}`)
  }
  if (!hasKey && refusal !== undefined) {
    return failed(
      `NEBIUS_API_KEY is not set, and the server asks for a key (${refusal})`,
      'Set it to the server’s key; nebius-rerank serve accepts any',
    )
  }
  if (models instanceof Error) return skipped('not tested: the host does not respond')
  if (refusal === 403) return failed('no permission (403)', 'Check what the key and its project may do')
  if (refusal !== undefined) return failed(`not accepted (${refusal})`, `Check NEBIUS_API_KEY, or ${NEW_KEY}`)
  if (statuses.includes(402))
    return failed('accepted, but the account has no credit (402)', 'Add credit to the account')
  if (ranking === undefined) return skipped('not tested')
  if (ranking instanceof Error && !(isRerankError(ranking) && SHOWS_KEY.has(ranking.kind)))
    return skipped('not tested: no ranking was made')
  return ok(hasKey ? 'accepted' : 'no key is set, and the server asks for none')
}

function modelVerdict({ model, models, ranking }: Facts): Verdict {
  if (models instanceof Error) return skipped('not tested')
  const served = models.status === 200 ? modelsIn(models.body)?.map(({ id }) => id) : undefined
  if (served && !served.includes(model)) {
    const near = [
      ...new Set([...nearest(model, served), ...served.filter((id) => /rerank/i.test(id))]),
    ].slice(0, 3)
    const isCase = near[0]?.toLowerCase() === model.toLowerCase()
    const advice =
      near.length === 0
        ? served.length === 0
          ? 'It lists no model'
          : 'It lists no model with a similar name, and no reranker'
        : `Nearest: ${near.join(', ')}${isCase ? ' (ids are case-sensitive)' : ''}`
    return failed(`${model} is not served`, `${advice}.  Choose one with --model`)
  }
  if (isRerankError(ranking, 'not_found'))
    return failed(`${model} is not served for reranking (404)`, 'Choose another with --model')
  if (served) return ok(`${model} is served`)
  if (REFUSALS.has(models.status) && (ranking === undefined || ranking instanceof Error)) {
    return skipped(`the list of models can’t be read without a valid key (${models.status})`)
  }
  return ranking === undefined || ranking instanceof Error
    ? skipped('the service lists no models')
    : ok(`${model} responds; the service lists no models`)
}

/** Less is not apart: a model without its template scores at random, and within little. */
const LEAST_MARGIN = 0.2

function rankingVerdict({ ranking }: Facts): Verdict {
  if (ranking === undefined) return skipped('not tested')
  if (isRerankError(ranking) && TOLD_ELSEWHERE.has(ranking.kind)) return skipped('not tested')
  if (ranking instanceof Error) return failed(withoutNextStep(ranking.message), adviceFor(ranking))
  const margin = marginOf(ranking)
  const untemplated = 'Check that the server runs the model as a reranker, with its template'
  if (margin < 0) return failed('an unrelated document was ranked above a relevant one', untemplated)
  if (margin < LEAST_MARGIN)
    return failed(
      `relevant documents come first, but their scores are higher by only ${margin.toFixed(3)}`,
      untemplated,
    )
  return ok(`relevant documents come first, by at least ${margin.toFixed(2)}`)
}

/** The advice for a ranking that failed, unless another line explains the failure. */
function adviceFor(error: Error): string {
  if (isRerankError(error, 'timeout')) return 'Allow more time with --timeout'
  if (isRerankError(error, 'server')) return 'Try again later'
  if (isRerankError(error, 'bad_request'))
    return 'See the server’s log: it rejects a request that the spec allows'
  return 'Check --base-url, and what responds there'
}

/** Kinds of errors that another line explains. */
const TOLD_ELSEWHERE: ReadonlySet<string> = new Set([
  'authentication',
  'permission',
  'payment',
  'not_found',
  'rate_limit',
])

/** The tokens that a prompt adds at least; the estimate of the texts' own tokens may be off by less. */
const PROMPT_TOKENS = 30

function tokensVerdict({ ranking }: Facts): Verdict {
  if (ranking === undefined || ranking instanceof Error) return skipped('not tested')
  const { tokens } = ranking
  if (tokens === 0) return skipped('the service reports none, so costs are unknown')
  const each = tokens / CANARY_PAIRS
  if (each < 1) {
    return failed(`${tokens} for ${CANARY_PAIRS} pairs is too few`, 'Don’t rely on this server’s "usage"')
  }
  const extra = each - TEXT_TOKENS_A_PAIR
  const prompt = extra > PROMPT_TOKENS ? `, about ${Math.round(extra)} of them the model’s prompt` : ''
  return ok(`${each.toFixed(0)} per pair in the test ranking${prompt}`)
}

/** A limit above this number means that there is no limit. */
const PLAUSIBLE_LIMIT = 1e9

function limitsVerdict({ ranking, headers }: Facts): Verdict {
  if (isRerankError(ranking, 'rate_limit')) {
    const { retryAfterMs } = ranking
    const when = retryAfterMs === undefined ? 'a while' : `${Math.ceil(retryAfterMs / 1000)} s`
    return failed('rate-limited (429)', `Wait ${when}, or ask for more in the console`)
  }
  if (!headers) return skipped('not tested')
  const read = (what: string): number | undefined => {
    const text = headers.get(`x-ratelimit-${what}`)
    const value = text === null || text.trim() === '' ? NaN : Number(text)
    return value >= 0 && value < PLAUSIBLE_LIMIT ? value : undefined
  }
  const told = (['requests', 'tokens'] as const).flatMap((unit) => {
    const [limit, remaining] = [read(`limit-${unit}`), read(`remaining-${unit}`)]
    return limit === undefined ? [] : [{ unit, limit, remaining }]
  })
  const exhausted = told.find(({ remaining }) => remaining === 0)
  if (exhausted) return failed(`no ${exhausted.unit} remain`, 'Wait a minute, or ask for more in the console')
  if (told.length === 0) return skipped('the service states no limits')
  const over = headers.get('x-ratelimit-over-limit') === 'yes' ? ', served over the limit' : ''
  return ok(
    told.map(({ unit, limit, remaining }) => `${remaining ?? '?'} of ${limit} ${unit} remain`).join(', ') +
      over,
  )
}

const MOST_SKEW_MS = 30_000

function clockVerdict({ models, skewMs }: Facts): Verdict {
  if (models instanceof Error) return skipped('not tested')
  if (skewMs === undefined) return skipped('the service’s response has no date')
  const seconds = Math.round(Math.abs(skewMs) / 1000)
  if (Math.abs(skewMs) <= MOST_SKEW_MS)
    return ok(seconds <= 1 ? 'the same as the service’s' : `${seconds} s from the service’s`)
  return failed(
    `${seconds} s ${skewMs > 0 ? 'ahead of' : 'behind'} the service’s`,
    'Set the clock: certificates and Retry-After depend on it',
  )
}

function specVerdict({ document }: Facts): Verdict {
  if (document === undefined || document instanceof Error) return skipped('not tested')
  const version = property(property(document.body, 'info'), 'version')
  const paths = property(document.body, 'paths')
  if (document.status !== 200 || typeof version !== 'string' || typeof paths !== 'object') {
    return skipped('the service publishes no OpenAPI document')
  }
  if (property(property(paths, '/v1/rerank'), 'post') === undefined) {
    return failed(`${version} has no POST /v1/rerank`, 'Check --base-url: this service does not rerank')
  }
  if (version === spec.version) return ok(`${version}, the same as this package’s`)
  return ok(`${version}; this package has ${spec.version}`)
}
