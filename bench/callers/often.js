// A process that makes so many calls with one caller, as a program does that has no other. It prints the microseconds
// for which processors worked, a call; half as many calls go before, which are not counted. What the engine compiles of a
// caller is compiled by then for the most part.
import { documentsOf } from './documents.js'

const { caller, setup, documents, atOnce, calls } = JSON.parse(process.argv[2] ?? '')
const { create } = await import(`./${caller}.js`)
const call = create(setup)
const texts = documentsOf(documents)

/** @param {number} count */
async function callTimes(count) {
  let left = count
  const inSequence = async () => {
    while (left-- > 0) await call('dolor sit amet', texts)
  }
  await Promise.all(Array.from({ length: atOnce }, inSequence))
}

await callTimes(calls / 2)
const before = process.cpuUsage()
await callTimes(calls)
const { user, system } = process.cpuUsage(before)
process.stdout.write(`${(user + system) / calls}\n`, () => process.exit())
