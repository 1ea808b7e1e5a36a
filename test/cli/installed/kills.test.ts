import { createHash } from 'node:crypto'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { serveLocalReranker } from '../../../src/local/index.ts'
import { sizeOf, untilTrue } from '../../helpers/bulk-files.ts'
import { installCommand, outcomeOf } from '../../helpers/command.ts'
import type { InstalledCommand } from '../../helpers/command.ts'
import { temporaryFolder } from '../../helpers/folder.ts'
import { rowsOf } from '../../helpers/plain-csv.ts'
import { KEY } from '../../helpers/rerank.ts'

let command: InstalledCommand
beforeAll(async () => {
  command = await installCommand()
})
afterAll(() => command.remove())

/** How often a run is killed; hundreds take minutes. */
const ROUNDS = Number(process.env['KILL_ROUNDS'] ?? 8)

test('a table that is killed at any moment, and gone on with, loses, doubles and breaks nothing', async () => {
  const dir = await temporaryFolder()
  const [input, output] = [`${dir}/IN.csv`, `${dir}/OUT.csv`]
  const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`
  const jobs = Array.from({ length: ROUNDS * 40 }, (_, place) => ({
    id: `job ${place}, "${createHash('md5').update(`${place}`).digest('hex').slice(0, 6)}"`,
    query: `line ${place}\r\nof "words"`,
    documents: [`line ${place}`, `words, "more"\nand more`, 'é 日本 😀'],
    note: `n${place};,\n`,
  }))
  const lines = jobs.map(({ id, query, documents, note }) =>
    [id, query, JSON.stringify(documents), note].map(quoted).join(','),
  )
  await writeFile(input, ['id,query,documents,note', ...lines].join('\r\n'))
  const server = await serveLocalReranker()
  onTestFinished(() => server.close())
  const flags = ['--keep', '--with-documents', '--concurrency', '4', '--resume']
  const args = ['bulk', '--base-url', server.url, input, '-o', output, ...flags]
  const env = { NEBIUS_API_KEY: KEY }

  for (let round = 0; round < ROUNDS; round += 1) {
    const child = command.start(args, env)
    const ended = outcomeOf(child)
    const before = await sizeOf(output)
    if (round % 5 > 0) await untilTrue(async () => (await sizeOf(output)) > before, output, child)
    for (let left = Math.random() * 30; left > 0; left -= 1) await setImmediate()
    child.kill(round % 7 === 3 ? 'SIGINT' : 'SIGKILL')
    const { code, stderr } = await ended
    expect([null, 0, 130], stderr).toContain(code)
  }
  const last = await command.run(args, { env })
  expect(last).toMatchObject({ code: 0 })

  const [header = [], ...rows] = rowsOf(await readFile(output, 'utf8'))
  const records = rows.map((row) => Object.fromEntries(header.map((name, at) => [name, row[at]])))
  expect(rows.filter((row) => row.length !== header.length)).toEqual([])
  const byId = new Map<string | undefined, typeof records>()
  for (const record of records) byId.set(record['id'], [...(byId.get(record['id']) ?? []), record])
  expect([...byId.keys()].sort()).toEqual(jobs.map(({ id }) => id).sort())
  expect(records).toHaveLength(jobs.length * 3)
  const wrong = jobs.filter(({ id, query, documents, note }) => {
    const own = byId.get(id) ?? []
    const isWhole = own.map(({ rank }) => rank).join() === '1,2,3'
    const isKept = own.every((each) => each['query'] === query && each['note'] === note)
    const isTheirs = own.every((each) => each['document.text'] === documents[Number(each['index'])])
    return !isWhole || !isKept || !isTheirs || new Set(own.map(({ index }) => index)).size !== 3
  })
  expect(wrong).toEqual([])
  expect((await readdir(dirname(output))).sort()).toEqual(['IN.csv', 'OUT.csv'])
}, 3_600_000)
