/** The share of its full number of tries that a random test makes: all in `npm run check`, which sets 1. */
const EFFORT = Number(process.env['EFFORT'] ?? 0.2)

/** The number of tries of a test that makes `full` of them in `npm run check`: a fifth in `npm test`. */
export function tries(full: number): number {
  return Math.ceil(full * EFFORT)
}
