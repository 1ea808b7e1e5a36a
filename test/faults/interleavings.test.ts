import { getEventListeners } from 'node:events'
import fc from 'fast-check'
import { expect, onTestFinished, test, vi } from 'vitest'
import { isRerankError } from '../../src/index.ts'
import type { RerankClient } from '../../src/index.ts'
import { tries } from '../helpers/effort.ts'
import { REQUEST } from '../helpers/rerank.ts'
import { createWorld, MAX_RETRY_AFTER_MS } from './virtual-service.ts'
import type { Call, Step } from './virtual-service.ts'

const CALLS_AT_ONCE = 25
const ROUNDS = tries(280)

interface End {
  /** `success`, `aborted`, or the kind of the error. */
  what: string
  isInOrder?: boolean
  at: number
  attempts?: number | undefined
  limit?: string | undefined
}

// No two things happen in the same millisecond: steps are multiples of ten, and what cuts them short ends in other digits,
// which up to four time-outs of a call do not add up to.
const times = (most: number, digit = 0): fc.Arbitrary<number> =>
  fc.nat(most / 10).map((tens) => tens * 10 + digit)
const step: fc.Arbitrary<Step> = fc.record({
  ms: times(800),
  what: fc.constantFrom<Step['what'][]>(
    'success',
    'cut off',
    'wrong',
    'broken',
    'hangs',
    'hangs in its body',
    400,
    401,
    429,
    503,
    503,
  ),
  retryAfterMs: fc.option(
    times(6000).map((ms) => ms + 10),
    { nil: undefined, freq: 3 },
  ),
  leaseMs: fc.oneof(fc.constant(0), times(1500)),
})
const call: fc.Arbitrary<Call> = fc.record({
  steps: fc.array(step, { minLength: 4, maxLength: 4 }),
  maxRetries: fc.nat(3),
  timeoutMs: times(1000, 13),
  deadlineMs: fc.oneof(fc.constant(Infinity), times(6000, 17)),
  caller: fc.option(fc.nat(2), { nil: undefined }),
  fallsBack: fc.boolean(),
})
const round = fc.record({
  calls: fc.array(call, { minLength: CALLS_AT_ONCE, maxLength: CALLS_AT_ONCE }),
  abortsAt: fc.tuple(times(200, 15), times(2000, 15), times(9000, 15)),
})

test(
  `${CALLS_AT_ONCE * ROUNDS} calls end as they should, whatever comes between, and leave nothing behind`,
  { timeout: 120_000 },
  async () => {
    vi.spyOn(Math, 'random').mockReturnValue(0)
    onTestFinished(() => void vi.useRealTimers())
    await fc.assert(
      fc.asyncProperty(round, async ({ calls, abortsAt }) => {
        vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance', 'Date'] })
        const world = createWorld()
        const callers = abortsAt.map((at) => {
          const caller = new AbortController()
          world.later(at, () => caller.abort({ at }))
          return caller
        })
        const started = performance.now()
        const ends = calls.map(async (each): Promise<End> => {
          const signal = each.caller === undefined ? undefined : callers[each.caller]?.signal
          const client = world.client(each)
          const end = await (each.fallsBack ? endOfRanking(client, signal) : endOf(client, signal))
          return { ...end, at: performance.now() - started }
        })
        const timers = Promise.all(ends).then(() => world.timers())
        await vi.runAllTimersAsync()
        expect(await Promise.all(ends)).toEqual(
          calls.map((each) =>
            inOrder(
              each,
              expectedEnd(each, each.caller === undefined ? Infinity : (abortsAt[each.caller] ?? NaN)),
            ),
          ),
        )
        expect(callers.flatMap(({ signal }) => getEventListeners(signal, 'abort'))).toEqual([])
        expect({ ...world.left(), timers: await timers }).toEqual({ leases: 0, exchanges: 0, timers: 0 })
      }),
      { numRuns: ROUNDS },
    )
  },
)

/** What becomes of an end where a ranking falls back: an error keeps the order, but for one that somebody has to see. */
function inOrder({ fallsBack }: Call, end: End): End {
  if (!fallsBack || end.what === 'aborted' || end.what === 'authentication') return end
  return end.what === 'success'
    ? { ...end, attempts: undefined, isInOrder: false }
    : { ...end, isInOrder: true }
}

/** What a call should come to: the specification, a step at a time. */
function expectedEnd({ steps, maxRetries, timeoutMs, deadlineMs }: Call, abortAt: number): End {
  let now = 0
  for (const [place, { ms, what, retryAfterMs, leaseMs }] of steps.entries()) {
    const aborted = { what: 'aborted', at: abortAt }
    const leased = now + leaseMs
    if (abortAt < Math.min(leased, deadlineMs)) return aborted
    if (deadlineMs < leased) return { what: 'timeout', at: deadlineMs, attempts: place, limit: 'deadlineMs' }

    const attempts = place + 1
    const limit = timeoutMs <= deadlineMs - leased ? 'timeoutMs' : 'deadlineMs'
    const limitAt = leased + Math.min(timeoutMs, deadlineMs - leased)
    const doneAt = what === 'hangs' || what === 'hangs in its body' ? Infinity : leased + ms
    if (abortAt < Math.min(limitAt, doneAt)) return aborted
    now = Math.min(limitAt, doneAt)
    if (limitAt > doneAt && what === 'success') return { what, at: now, attempts }

    const isOutOfTime = limitAt < doneAt
    const kind = isOutOfTime ? 'timeout' : KINDS[what]
    const failed = { what: kind ?? '', at: now, attempts, limit: isOutOfTime ? limit : undefined }
    const isRetryable = isOutOfTime ? limit === 'timeoutMs' : what !== 'wrong' && what !== 400 && what !== 401
    const named = !isOutOfTime && (what === 429 || what === 503) ? retryAfterMs : undefined
    const waitMs = named ?? 500 * 2 ** place
    if (!isRetryable || attempts > maxRetries || (named ?? 0) > MAX_RETRY_AFTER_MS) return failed
    if (waitMs >= deadlineMs - now) return failed
    if (abortAt < now + waitMs) return aborted
    now += waitMs
  }
  return expect.fail()
}

const KINDS: Partial<Record<Step['what'], string>> = {
  'cut off': 'response',
  wrong: 'response',
  broken: 'connection',
  400: 'bad_request',
  401: 'authentication',
  429: 'rate_limit',
  503: 'server',
}

async function endOf(client: RerankClient, signal: AbortSignal | undefined): Promise<Omit<End, 'at'>> {
  try {
    const { response } = await client.rerank.withResponse(REQUEST, { signal })
    return { what: 'success', attempts: response.attempts }
  } catch (error) {
    return endBy(error, signal)
  }
}

/** Ranks the documents the other way round, so that their scores change the order. */
async function endOfRanking(client: RerankClient, signal: AbortSignal | undefined): Promise<Omit<End, 'at'>> {
  const items = [...REQUEST.documents].reverse()
  try {
    const options = { signal, fallback: 'keep-order' } as const
    const { ranked, degraded } = await client.rank.withUsage(REQUEST.query, items, options)
    const isInOrder = ranked.every(({ index, score }, place) => index === place && score === undefined)
    expect(ranked).toHaveLength(items.length)
    return { ...(degraded ? endBy(degraded, undefined) : { what: 'success' }), isInOrder }
  } catch (error) {
    return endBy(error, signal)
  }
}

function endBy(error: unknown, signal: AbortSignal | undefined): Omit<End, 'at'> {
  if (signal?.aborted && error === signal.reason) return { what: 'aborted' }
  if (!isRerankError(error)) throw error
  return {
    what: error.kind,
    attempts: error.attempts,
    limit: isRerankError(error, 'timeout') ? error.limit : undefined,
  }
}
