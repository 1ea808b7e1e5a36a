const given = process.env['BENCH_SECONDS']

/** Whether somebody chose how long overhead.ts measures each case. */
export const isChosen = given !== undefined

/** How long it does. */
export const SECONDS = Number(given ?? 15)

if (!(SECONDS > 0 && Number.isFinite(SECONDS))) {
  console.error(`BENCH_SECONDS is ${JSON.stringify(given)}, which is no positive number.`)
  process.exit(2)
}
