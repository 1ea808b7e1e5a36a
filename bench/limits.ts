// Jobs against services with limits of every kind, in virtual time: how much of what a service could have admitted was,
// how much was rate-limited, and how many jobs were lost. Part of npm run bench; test/bulk asserts its bounds.
import { SCENARIOS } from '../test/bulk/scenarios.ts'
import { simulate } from '../test/bulk/simulation.ts'

console.log(
  'service'.padEnd(64),
  ['share', 'limited', 'lost', 'time', 'plain'].map((title) => title.padStart(9)).join(''),
)
for (const { name, service, against, ...how } of SCENARIOS.filter(({ name }) =>
  name.includes(process.argv[2] ?? ''),
)) {
  const { share, rateLimited, lost, seconds } = await simulate(service, how)
  const others = against
    ? await Promise.all(against.map((concurrency) => simulate(service, { ...how, concurrency, plain: true })))
    : []
  const cells = [
    `${(share * 100).toFixed(1)}%`,
    `${(rateLimited * 100).toFixed(1)}%`,
    String(lost),
    `${seconds.toFixed(1)} s`,
    ...others.map((other) => `${other.seconds.toFixed(1)} s`),
  ]
  console.log(name.padEnd(64), cells.map((cell) => cell.padStart(9)).join(''))
}
