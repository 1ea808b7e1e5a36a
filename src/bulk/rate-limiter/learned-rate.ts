/** The first rate, and its growth by an admitted request. A quarter of it uses 4% less, four times it 15% (bench/limits.ts). */
const FIRST = { rate: 0.2, rise: 1.5 }
/** The least rate, and with it the longest pause: a request in two seconds, the least of Smithy's adaptive retry. */
const FLOOR = 0.5 / 1000
/** So many requests measure a rate to a twentieth: a count is off by one. */
const ENOUGH = 20
/** The share of a rate that is kept by a 429 at least (RFC 9438, 4.6), until enough are counted. A count has one more at it. */
const KEPT = 0.7
/** By how much a rate may be measured too low; and is passed: by e to this power, by the cube of the time (bench/limits.ts). */
const BEYOND = { factor: 1.15, power: 0.1 }
/** The patience: so many times the wait that a 429 named, so that waits cost a fortieth; or the time of enough requests. */
const PATIENCE = { waits: 40, leastMs: 1500, mostMs: 4000 }
/** Less patience (bench/limits.ts): late 429s, a third; chance, two waits as well; brief measures, twice that; trials, five. */
const HASTE = { patience: 3, waits: 2, measures: 2, leastMs: 150, trial: 5 }
/** The share of what a wait brings in that is sent at once after it, and to what factor two measures of it agree (the same). */
const AGAIN = { share: 0.97, factor: 3 }
/** A trial's share of a measured rate, above the 0.75 of BBR's drain phase; and its requests: 5% show in four of five of 30. */
const TRIAL = { share: 0.85, least: 5, most: 30 }
/** The share by chance: of how many, five more at first; the least (bench/limits.ts); the excess that is borne (Wald). */
const CHANCE = { most: 150, before: 5, least: 0.004, excess: 0.06, sum: 16 }
/** A timer is late by less on a busy Node 20: so much is made up for, more is idle time; the least pause before a trial. */
const SLACK_MS = 25

/** A request: its number, when it was sent, in a trial or not, how long it had filled by then, and those limited after it. */
type Sent = Readonly<{ number: number; at: number; isTrial: boolean; ms: number }> & { limited: number }

/**
 * The rate at which a service admits requests, learned from its 429s. Times are milliseconds.
 *
 * A service is taken for a bucket of unknown size that fills at an unknown rate. A flight of requests that has a 429 leaves
 * it empty. So the number that it let out from one such flight to the next, or after the first, came in: that is its rate.
 * After each, nothing is sent for a round trip. The rate then rises, quickly at first, and slowly past what it was (the curve
 * of CUBIC, RFC 9438, 4.2), ever faster where nothing is rate-limited. Before, each admitted one multiplies it (RFC 5681, 3.1).
 *
 * Some 429s come by chance. So where one comes soon, requests are sent for trial below what was measured: no bucket of that
 * rate limits those. From then on only a share above theirs lowers the rate, and trials are repeated.
 */
export class LearnedRate {
  /** The time at which the next may be sent, as the rate has it. */
  openAt = 0
  /** The rate that was measured, for how long, what it rises to with patience, and from when; the shortest round trip. */
  #rate = FIRST.rate
  #measuredMs = 0
  #top = Infinity
  #resumedAt = 0
  #roundTripMs = Infinity
  /** Of the latest flight with a 429: its rate, twice what was sent at most (Smithy); its wait; if it came late. */
  #tried = FIRST.rate
  #waitMs = 0
  #isLate = true
  /** The most that the bucket holds; the time in which that comes in, and what has passed of it; the time sent at once. */
  #most = Infinity
  #fullMs = Infinity
  #gainedMs = 0
  #burstMs = 0
  #last: Sent = { number: 0, at: NaN, isTrial: false, ms: 0, limited: 0 }
  /** The first with a 429, the last of the latest flight with one, the one from which is measured; the end of a trial. */
  #first: Sent | undefined
  #cut = this.#last
  #since = this.#last
  #trialEnd = 0
  /** Flights with a 429 since a request was admitted: more than one say nothing of the rate. None was before the first. */
  #inVain = 1
  /** The share that is rate-limited by chance, of how many, and the sum of outcomes beyond it. */
  #chance = { share: 0, samples: 0, excess: 0 }

  at(now: number): number {
    if (!this.#first) return this.#rate
    if (this.#last.number < this.#trialEnd) return TRIAL.share * this.#rate
    const patienceMs = this.#patienceMs
    const beyondMs = Math.max(0, now - this.#resumedAt) - patienceMs
    const slope = (this.#top - this.#rate) * (beyondMs / patienceMs) ** 3
    const growth = BEYOND.power * (beyondMs / Math.min(patienceMs, PATIENCE.leastMs)) ** 3
    const rate = beyondMs < 0 ? this.#top + slope : this.#top * Math.exp(growth)
    return Math.max(FLOOR, rate / (1 - this.#chance.share))
  }

  /** The same where a limit is known, else Infinity: then the rate only says how fast to rise. */
  ceiling(now: number): number {
    return this.#first && now - this.#resumedAt < 3 * this.#patienceMs ? this.at(now) : Infinity
  }

  /** A request is sent; what is returned tells it from others. */
  sent(now: number): Sent {
    const { number, at, ms } = this.#last
    const gapMs = now - at || 0
    const isIdle = now - Math.max(this.openAt, this.#resumedAt) > SLACK_MS
    // A bucket gains no more than it holds, and each request takes its part of that.
    const gainedMs = this.#gainedMs + Math.max(0, gapMs - (isIdle ? 0 : SLACK_MS))
    this.#gainedMs = Math.max(Math.min(0, gainedMs), Math.min(gainedMs, this.#fullMs) - 1 / this.#rate)
    const filledMs = ms + gapMs - Math.max(0, gainedMs - this.#fullMs)
    const slackMs = SLACK_MS + this.#burstMs
    if (this.#first) this.#resumedAt += Math.max(0, now - this.openAt - slackMs)
    this.openAt = spaced(this.openAt, now, 1 / this.at(now), slackMs)
    this.#last = { number: number + 1, at: now, isTrial: number < this.#trialEnd, ms: filledMs, limited: 0 }
    if (number + 1 === this.#trialEnd) [this.#resumedAt, this.#since] = [now, this.#last]
    return this.#last
  }

  /** A request was admitted; `mayRise` is not set where it was beyond the service's limit. */
  admitted(sent: Sent, mayRise: boolean, now: number): void {
    this.#isByChance(sent, false, now)
    this.#inVain = 0
    if (!mayRise) this.#resumedAt = Math.max(this.#resumedAt, now)
    else if (!this.#first) this.#rate = Math.min(this.#rate * FIRST.rise, Number.MAX_VALUE)
    else if (this.#chance.share === 0 || now - this.#resumedAt < HASTE.trial * this.#patienceMs) return
    else if (this.#last.number >= this.#trialEnd && this.#count(sent) >= ENOUGH) {
      this.#tried = this.at(now)
      this.#measureTo(sent, this.#first)
      this.#since = sent
      this.#beginTrial()
    }
  }

  /** A request was rate-limited, and the service asks to wait for so long. */
  rateLimited(sent: Sent, waitMs: number, now: number): void {
    const isByChance = this.#isByChance(sent, true, now)
    for (const mark of new Set([this.#since, this.#cut])) if (sent.number > mark.number) mark.limited += 1
    const isInFlight = sent.number <= this.#cut.number
    if (isByChance && !isInFlight) return
    if (!isInFlight) this.#endFlight(sent, waitMs, now)
    if (this.#first && this.#inVain <= 1) this.#measureTo(this.#cut, this.#first)
    // Fewer were let out than it seemed: they are too few for a trial.
    if (isInFlight && this.#last === this.#cut && this.#count(this.#cut) < ENOUGH) this.#trialEnd = 0
    const slackMs = this.#last.number < this.#trialEnd ? SLACK_MS : 0
    const vainMs = Math.min(2 ** (this.#inVain - 1) / this.#rate, 1 / FLOOR)
    const pauseMs = isInFlight ? 0 : Math.max(now - sent.at, slackMs, vainMs)
    this.#resumedAt = Math.max(this.#resumedAt, now + Math.max(waitMs, pauseMs))
    this.openAt = this.#resumedAt - this.#burstMs
  }

  /** Ends a flight, of which this is the first 429. */
  #endFlight(sent: Sent, waitMs: number, now: number): void {
    const before = this.#cut
    // A burst that is rate-limited is more than a bucket holds.
    if (sent.number - before.number <= this.#burstMs * this.#rate) this.#most = sent.number - before.number
    this.#cut = this.#last
    this.#chance.excess = 0
    this.#gainedMs = this.#last.at - (now + (now - sent.at))
    this.#inVain += 1
    if (this.#inVain > 1) return
    this.#tried = Math.min(this.at(now), (2 * (this.#last.number - sent.number + 1)) / this.#roundTripMs)
    this.#isLate = sent.at - this.#resumedAt > this.#patienceMs / 2 && sent.number - before.number >= ENOUGH
    this.#waitMs = waitMs
    // A copy, as it may be the last of its flight, too.
    if (!this.#first) this.#first = this.#since = { ...sent }
    // Responses overtake each other, so that a first flight alone tells little.
    else if (this.#since === this.#first || this.#count(before) >= ENOUGH) this.#since = before
    // A wait in which enough come in is not named by chance.
    if (waitMs > Math.max(this.#roundTripMs, ENOUGH / this.#rate) || this.#count(sent) < ENOUGH) return
    if (!this.#isLate || this.#chance.share > 0) this.#beginTrial()
  }

  #measureTo(request: Sent, first: Sent): void {
    const { number, ms } = this.#since
    const count = this.#count(request) + 1
    const kept = KEPT * this.#tried
    this.#measuredMs = request.ms - ms
    const rate = count / (this.#measuredMs + 1 / kept)
    // A window, or a bucket that holds what the wait brings in, lets out as much again after it.
    const even = number / (ms + this.#waitMs)
    const isFirst = this.#since === first
    const isEven = isFirst && ms < 4 * this.#waitMs && Math.max(even / rate, rate / even) < AGAIN.factor
    // Few say little, above all where connections were being made.
    const least = isFirst || count > ENOUGH ? FLOOR : kept
    this.#rate = Math.max(least, Math.min(this.#tried, isEven ? AGAIN.share * even : rate))
    this.#top = Math.min(this.#tried, this.#rate * (BEYOND.factor + (isEven ? 0 : 1 / count)))
    const held = Math.max(0, Math.min(this.#most, first.number - this.#rate * first.ms))
    const isSure = isEven || count > ENOUGH || this.#waitMs > this.#roundTripMs
    this.#fullMs = Math.max((held + 2) / this.#rate, isSure ? 0 : PATIENCE.leastMs / HASTE.patience)
    const again = AGAIN.share * Math.min(held, this.#rate * this.#waitMs)
    this.#burstMs = again < ENOUGH ? 0 : again / this.#rate
  }

  #beginTrial(): void {
    const requests = Math.ceil(PATIENCE.leastMs * this.#rate)
    this.#trialEnd = this.#last.number + Math.min(TRIAL.most, Math.max(TRIAL.least, requests))
  }

  /** Those let out by a request, since the one from which the rate is measured. */
  #count({ number, limited }: Sent): number {
    return number - this.#since.number - (this.#since.limited - limited)
  }

  get #patienceMs(): number {
    const { share } = this.#chance
    const soonMs = Math.max(HASTE.leastMs, HASTE.measures * this.#measuredMs)
    const leastMs = Math.min(soonMs, PATIENCE.leastMs / (share > 0 || this.#isLate ? HASTE.patience : 1))
    const ms = share > 0 || this.#since === this.#first ? 0 : Math.min(ENOUGH / this.#rate, PATIENCE.mostMs)
    return Math.max(leastMs, ms, (share > 0 ? HASTE.waits : PATIENCE.waits) * this.#waitMs)
  }

  /** Counts an outcome, and tells whether a 429 is by chance. */
  #isByChance({ at, isTrial }: Sent, isRateLimited: boolean, now: number): boolean {
    this.#roundTripMs = Math.min(this.#roundTripMs, now - at)
    const { share, samples, excess } = this.#chance
    if (isTrial) {
      this.#chance.samples = Math.min(samples + 1, CHANCE.most)
      const mean = share + (+isRateLimited - share) / (this.#chance.samples + CHANCE.before)
      this.#chance.share = mean < CHANCE.least ? 0 : mean
      return true
    }
    this.#chance.excess = Math.max(0, excess + +isRateLimited - share - CHANCE.excess)
    return share > 0 && this.#chance.excess <= CHANCE.sum * Math.sqrt((share + CHANCE.excess) * (1 - share))
  }
}

/** The time at which the next may be sent, after one that takes so long, is sent now and might have been at `openAt`. */
export function spaced(openAt: number, now: number, ms: number, slackMs = SLACK_MS): number {
  return (now - openAt > slackMs ? now : openAt) + ms
}
