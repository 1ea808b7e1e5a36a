// Part of npm run bench: what a call costs over a bare `fetch` of the same call, median against median. The callers
// take turns within each round, so that whatever else the machine does falls on all of them alike, and in another order
// each time, so that none has always to clear away what the same one left. A turn is several calls, as of a program,
// which has one client: were it a single one, each would find its code driven out of the processor by all others.
import { BARE, CALLERS, documentsOf, load, OURS, REFUSING, SDKS, serve, titleOf } from './callers.ts'
import type { Caller } from './callers.ts'
import type { Call } from './callers/caller.d.ts'
import { endProgress, loss, progress, submit } from './report.ts'
import type { Goal, Table } from './report.ts'
import { median, shuffled, uncertainty } from './rounds.ts'
import { SECONDS } from './seconds.ts'

const TIMED: readonly Caller[] = CALLERS.flatMap((caller) => (caller === BARE ? [BARE, REFUSING] : [caller]))
const SIZES = [10, 100, 1000]
const MOST = 1.05
const AT_ONCE = 64
/** The calls of a turn that go one after the other. */
const IN_SEQUENCE = 20
/** How much of the time goes before, in which nothing is measured. */
const WARM_UP = 0.2
const FEWEST_ROUNDS = 5
const QUERY = 'dolor sit amet'

interface Case {
  title: string
  documents: number
  atOnce: number
}

/** Microseconds a call, by caller. */
type Medians = ReadonlyMap<Caller, number>

interface Found extends Case {
  medians: Medians
  /** By how many of them each median may be off. */
  uncertainties: Medians
  /** How many times each caller's median is of. */
  samples: number
}

const cases: Case[] = [1, AT_ONCE].flatMap((atOnce) =>
  SIZES.map((documents) => ({
    title: `${documents.toLocaleString('en')} documents${atOnce === 1 ? '' : `, ${atOnce} at once`}`,
    documents,
    atOnce,
  })),
)
const found: Found[] = []
for (const each of cases) found.push({ ...each, ...(await measure(each)) })
endProgress()

submit({
  tables: [tableOf(1), tableOf(AT_ONCE)],
  goals: [closeToFetch(), aheadOfSdks()],
  losses: found.flatMap(lossesOf),
})

async function measure({ title, documents, atOnce }: Case): Promise<Omit<Found, keyof Case>> {
  const service = await serve(documents)
  const calls = await Promise.all(
    TIMED.map(async (caller) => [caller, await load(caller, service.setup)] as const),
  )
  const texts = documentsOf(documents)
  const times = new Map<Caller, number[]>(TIMED.map((caller) => [caller, []]))
  const started = performance.now()
  const elapsed = (): number => (performance.now() - started) / 1000 / SECONDS
  for (let round = 0, measured = 0; elapsed() < 1 || measured < FEWEST_ROUNDS; round++) {
    const isWarm = elapsed() > WARM_UP
    if (isWarm) measured += 1
    for (const [caller, call] of shuffled(calls)) {
      const turn = atOnce === 1 ? await inSequence(call, texts) : [await together(call, texts, atOnce)]
      if (isWarm) times.get(caller)?.push(...turn)
    }
    progress(`overhead: ${title}`, Math.min(1, elapsed()))
  }
  await service.end()
  const micros = (of: (values: readonly number[]) => number): Medians =>
    new Map(TIMED.map((caller) => [caller, of(times.get(caller) ?? []) * 1000]))
  return {
    medians: micros(median),
    uncertainties: micros(uncertainty),
    samples: times.get(OURS)?.length ?? 0,
  }
}

/** The times of calls that wait for each other, in milliseconds. */
async function inSequence(call: Call, texts: readonly string[]): Promise<number[]> {
  const times: number[] = []
  for (let index = 0; index < IN_SEQUENCE; index++) times.push(await together(call, texts, 1))
  return times
}

/** The time of calls at once, divided by their number. */
async function together(call: Call, texts: readonly string[], atOnce: number): Promise<number> {
  const started = performance.now()
  if (atOnce === 1) await call(QUERY, texts)
  else await Promise.all(Array.from({ length: atOnce }, () => call(QUERY, texts)))
  return (performance.now() - started) / atOnce
}

/** A column for each size. */
function tableOf(atOnce: number): Table {
  const columns = found.filter((each) => each.atOnce === atOnce)
  const samples = columns.map((each) => each.samples.toLocaleString('en')).join(' / ')
  return {
    title:
      atOnce === 1
        ? `One call after the other; a median is of ${samples} calls`
        : `${atOnce} calls at once, their time divided by their number; a median is of ${samples} times ${atOnce}`,
    columns: ['', ...columns.map(({ documents }) => `${documents.toLocaleString('en')} documents`)],
    rows: TIMED.map((caller) => [
      titleOf(caller),
      ...columns.map(({ medians }) => {
        const micros = Math.round(medians.get(caller) ?? NaN).toLocaleString('en')
        return `${micros} µs, ${ratio(medians, caller, BARE).toFixed(2)} ×`
      }),
    ]),
  }
}

function closeToFetch(): Goal {
  const over = found.filter(({ medians }) => !(ratio(medians, OURS, BARE) <= MOST))
  const each = found.map(({ title, medians }) => `${ratio(medians, OURS, BARE).toFixed(2)} × at ${title}`)
  const alone = (caller: Caller): string =>
    found.map(({ medians }) => ratio(medians, caller, BARE).toFixed(2)).join(', ')
  return {
    text: `a call takes at most ${MOST} × a bare fetch`,
    isMet: over.length === 0,
    found: each.join('; '),
    why:
      `a time-out alone, which the bare one does without, makes it ${alone('fetch-with-time-out')} ×, and refusing ` +
      `redirects, as ours does, ${alone(REFUSING)} ×; openapi-fetch and what is checked come on top`,
  }
}

function aheadOfSdks(): Goal {
  const behind = found.flatMap((each) =>
    SDKS.filter((sdk) => !(ratio(each.medians, OURS, sdk) < 1)).map((sdk) => ({ each, sdk })),
  )
  const amounts = behind.map(
    ({ each, sdk }) =>
      `${ratio(each.medians, OURS, sdk).toFixed(2)} ± ${doubt(each, OURS, sdk).toFixed(2)} × ${sdk} at ${each.title}`,
  )
  const shares = behind.map(({ each, sdk }) => ratio(each.medians, BARE, sdk).toFixed(2))
  return {
    text: `a call takes less than one of ${SDKS.join(', ')}`,
    isMet: behind.length === 0,
    found: behind.length === 0 ? 'less than each of them in each case' : amounts.join('; '),
    why: `a bare fetch, which leaves out what a client does, takes ${shares.join(', ')} × as long as that SDK there`,
  }
}

function lossesOf({ title, medians }: Found): string[] {
  const faster = TIMED.filter((caller) => ratio(medians, OURS, caller) > 1.02)
  const said = faster.map(
    (caller) => `${titleOf(caller)} takes ${((1 - ratio(medians, caller, OURS)) * 100).toFixed(0)}% less`,
  )
  return loss(`a call with ${title}`, said)
}

function ratio(medians: Medians, one: Caller, other: Caller): number {
  return (medians.get(one) ?? NaN) / (medians.get(other) ?? NaN)
}

/** By how much the ratio may be off, if both medians are so in opposite directions. */
function doubt({ medians, uncertainties }: Found, one: Caller, other: Caller): number {
  const share = (caller: Caller): number => (uncertainties.get(caller) ?? NaN) / (medians.get(caller) ?? NaN)
  return ratio(medians, one, other) * (share(one) + share(other))
}
