import { absurd, fixedWindow, growing, nebius, openai, unstated } from './services.ts'
import type { MakeService } from './services.ts'
import type { Simulation } from './simulation.ts'

/** A run against a service. */
export interface Scenario extends Simulation {
  name: string
  service: MakeService
  /** Set to compare with the same calls, as many at once, with as many retries and nothing else. */
  isCompared?: boolean
  /** The share that is rate-limited by chance, beside a limit. */
  beside?: number
}

const MINUTE_MS = 60_000
const ANY = { perSecond: 1e6, capacity: 1e6 }

/** 429s by chance for half a minute, with no limit behind them. */
const byChance = (share: number): MakeService =>
  unstated({ ...ANY, chance: (ms) => (ms < 30_000 ? share : 0) })

export const SCENARIOS: readonly Scenario[] = [
  { name: 'Nebius, 1,200 a minute, full', service: nebius({ limit: 1200, periodMs: MINUTE_MS }), jobs: 1500 },
  {
    name: 'Nebius, 1,200 a minute, empty',
    service: nebius({ limit: 1200, periodMs: MINUTE_MS, level: 0 }),
    jobs: 300,
  },
  {
    name: 'Nebius, 600 a minute, 30 remain',
    service: nebius({ limit: 600, periodMs: MINUTE_MS, level: 30 }),
    jobs: 150,
  },
  {
    name: 'Nebius, 60 a minute, 16 minutes of work',
    service: nebius({ limit: 60, periodMs: MINUTE_MS }),
    jobs: 1000,
  },
  {
    name: 'Nebius, 60 a minute, growing with use, 2 hours of work',
    service: growing({ limit: 60, periodMs: MINUTE_MS }),
    jobs: 14_000,
    untilMs: 120 * MINUTE_MS,
  },
  {
    // 1,001 tokens each by the estimate, of which the service counts fewer: 444 requests a minute.
    name: 'Nebius, 400,000 tokens a minute',
    service: nebius({ limit: 1200, periodMs: MINUTE_MS, tokens: { limit: 400_000, each: 900 } }),
    jobs: 1500,
    documents: ['text'.repeat(1000)],
  },
  {
    name: 'OpenAI, 3,600 in 6 minutes, full',
    service: openai({ limit: 3600, periodMs: 6 * MINUTE_MS }),
    jobs: 4500,
  },
  {
    name: 'OpenAI, 3,600 in 6 minutes, empty',
    service: openai({ limit: 3600, periodMs: 6 * MINUTE_MS, level: 0 }),
    jobs: 600,
  },
  {
    name: 'OpenAI, 500 a minute, empty',
    service: openai({ limit: 500, periodMs: MINUTE_MS, level: 0 }),
    jobs: 300,
  },
  {
    name: 'fixed window, 100 in 10 s',
    service: fixedWindow({ limit: 100, periodMs: 10_000, fields: 'x-ratelimit' }),
    jobs: 500,
  },
  {
    name: 'fixed window, 1,000 a minute, empty',
    service: fixedWindow({ limit: 1000, periodMs: MINUTE_MS, level: 0, fields: 'x-ratelimit' }),
    jobs: 3000,
  },
  {
    name: 'IETF fields, 100 in 10 s',
    service: fixedWindow({ limit: 100, periodMs: 10_000, fields: 'ietf' }),
    jobs: 500,
  },
  { name: 'absurd: 1e10', service: absurd(), jobs: 2000 },
  ...(['seconds', 'nothing'] as const).map((wording) => ({
    name: `unstated, 500 a second, 500 at once, names ${wording}`,
    service: unstated({ perSecond: 500, capacity: 500, wording }),
    jobs: 2000,
    concurrency: 64,
    latency: 40,
  })),
  ...(['milliseconds', 'nothing'] as const).map((wording) => ({
    name: `unstated, 500 a second, 50 at once, names ${wording}`,
    service: unstated({ perSecond: 500, capacity: 50, wording }),
    jobs: 2000,
    concurrency: 64,
    latency: 40,
  })),
  {
    name: 'unstated, 500 a second, 50 at once, a millisecond away',
    service: unstated({ perSecond: 500, capacity: 50 }),
    jobs: 2000,
    concurrency: 64,
    latency: 1,
  },
  ...(['milliseconds', 'nothing'] as const).map((wording) => ({
    name: `unstated, 500 a second, 50 at once, names ${wording}, on a busy machine`,
    service: unstated({ perSecond: 500, capacity: 50, wording }),
    jobs: 2000,
    concurrency: 64,
    latency: 2,
    connecting: 30,
    stallMs: 60,
  })),
  {
    name: 'unstated, 100 a second, 100 at once, empty',
    service: unstated({ perSecond: 100, capacity: 100, level: 0 }),
    jobs: 2000,
  },
  ...[1, 5, 20, 45].map((percent) => ({
    name: `unstated, 100 a second, 100 at once, ${percent}% by chance`,
    service: unstated({ perSecond: 100, capacity: 100, chance: () => percent / 100 }),
    jobs: 6000,
    beside: percent / 100,
  })),
  ...[5, 20, 45, 60, 90].map((percent) => ({
    name: `by chance, ${percent}% for 30 s`,
    service: byChance(percent / 100),
    jobs: 2000,
    isCompared: true,
  })),
  ...[5, 20, 45, 60, 90].map((percent) => ({
    name: `by chance, ${percent}% for 30 s, long`,
    service: byChance(percent / 100),
    jobs: 20_000,
  })),
]
