/** The number of times that the differences are resampled: the interval's ends are then the 250th means from either side. */
const RESAMPLES = 10_000
const CONFIDENCE = 0.95

/** The 95% interval of the mean of paired differences, by the percentile bootstrap; equal seeds give equal ends. */
export function bootstrapInterval(differences: readonly number[], seed: number): readonly [number, number] {
  const { length } = differences
  if (length === 0) return [0, 0]
  const values = Float64Array.from(differences)
  const random = randomFrom(seed)
  const means = new Float64Array(RESAMPLES)
  for (let sample = 0; sample < RESAMPLES; sample++) {
    let sum = 0
    for (let draw = 0; draw < length; draw++) sum += values[Math.floor(random() * length)] ?? 0
    means[sample] = sum / length
  }
  means.sort()
  const tail = Math.round(((1 - CONFIDENCE) / 2) * RESAMPLES)
  return [means[tail - 1] ?? 0, means[RESAMPLES - tail] ?? 0]
}

/** Numbers from 0 to below 1, the same for the same seed: Mulberry32, whose 32 bits of state are ample here. */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
