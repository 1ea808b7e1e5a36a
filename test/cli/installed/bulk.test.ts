import { readFile, writeFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { serveLocalReranker } from '../../../src/local/index.ts'
import { folderWith, GOOD, outcomesIn, sizeOf, untilTrue } from '../../helpers/bulk-files.ts'
import { installCommand, outcomeOf } from '../../helpers/command.ts'
import type { InstalledCommand } from '../../helpers/command.ts'
import { serveFaults, well } from '../../helpers/fault-server.ts'
import { KEY } from '../../helpers/rerank.ts'

let command: InstalledCommand
beforeAll(async () => {
  command = await installCommand()
})
afterAll(() => command.remove())

describe('the command as it is installed', () => {
  test('writes a line for each job, and sums up', async () => {
    const { input, output } = await folderWith(GOOD)
    const { code, stdout, stderr } = await command.run(['bulk', '--local', input, '-o', output])
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' })
    expect(stderr).toMatch(/^2 jobs, \d+ tokens, [\d.]+ jobs\/s\n$/)
    expect(outcomesIn(await readFile(output, 'utf8'))).toHaveLength(2)
  })

  test('shows a bar on a terminal, cut to its width, and takes it away', async () => {
    const slow = await serveFaults(
      () => (response, request) => setTimeout(() => void well(response, request), 30),
    )
    const jobs = Array.from({ length: 15 }, (_, id) => ({ id, query: 'q', documents: ['d'] }))
    const { input, output } = await folderWith(jobs)
    const args = ['bulk', '--base-url', slow.url, '--concurrency', '1', input, '-o', output]
    const { code, stdout } = await command.runInTerminal(60, args, { NEBIUS_API_KEY: KEY })
    expect(code).toBe(0)
    const frames = stdout.split('\r\u001B[K').map((frame) => frame.replace(/\u001B\[\d+m/g, ''))
    expect(frames).toContainEqual(expect.stringMatching(/^█+░+ {2}\d+ of 15, [\d.]+ jobs\/s/))
    expect(frames.filter((frame) => frame.length > 60)).toEqual([])
    expect(frames.at(-1)).toMatch(/^15 jobs, \d+ tokens, [\d.]+ jobs\/s\n$/)
  })
})

describe('after kill -9 at any moment', () => {
  test('by --resume, six times, each id is there once and no line is half', async () => {
    const ids = Array.from({ length: 400 }, (_, id) => `job-${id}`)
    const documents = Array.from({ length: 40 }, (_, index) => `document ${index}`)
    const { input, output } = await folderWith(ids.map((id) => ({ id, query: 'document', documents })))
    const server = await serveLocalReranker()
    onTestFinished(() => server.close())
    const args = ['bulk', '--base-url', server.url, '--concurrency', '4', input, '-o', output, '--resume']
    const env = { NEBIUS_API_KEY: KEY }
    let killedInside = 0
    for (let round = 0; round < 6; round += 1) {
      const child = command.start(args, env)
      const ended = outcomeOf(child)
      const before = await sizeOf(output)
      // Some die before they have begun, the rest at any moment after their first line.
      if (round > 0) await untilTrue(async () => (await sizeOf(output)) > before, output, child)
      for (let left = Math.random() * 20; left > 0; left -= 1) await tick()
      child.kill('SIGKILL')
      if ((await ended).code === null) killedInside += 1
    }
    expect(killedInside).toBe(6)
    const { code } = await command.run(args, { env })
    expect(code).toBe(0)
    const text = await readFile(output, 'utf8')
    expect(text.endsWith('\n')).toBe(true)
    const outcomes = outcomesIn(text)
    expect(outcomes.map(({ id }) => String(id)).sort()).toEqual([...ids].sort())
    expect(outcomes.every(({ results }) => results?.length === 40)).toBe(true)
  })

  test('by --resume --retry-failed each id is there once and no line is half', async () => {
    const ids = Array.from({ length: 3000 }, (_, id) => id)
    const { input, output } = await folderWith(
      ids.map((id) => ({ id, query: 'q', documents: [`${id}`, 'q'] })),
    )
    // Large enough for a kill to come while the copy is written.
    const message = 'm'.repeat(2000)
    const outcome = (id: number): object => (id % 2 ? { id, results: [] } : { id, error: { message } })
    await writeFile(output, ids.map((id) => `${JSON.stringify(outcome(id))}\n`).join(''))
    const args = ['bulk', '--local', input, '-o', output, '--resume', '--retry-failed']
    for (let round = 0; round < 5; round += 1) {
      const child = command.start(args)
      const ended = outcomeOf(child)
      await untilTrue((changed = '') => /^OUT\.jsonl(?!\.nebius-rerank)/.test(changed), output, child)
      for (let left = Math.random() * 20; left > 0; left -= 1) await tick()
      child.kill('SIGKILL')
      await ended
    }
    const { code } = await command.run(args)
    expect(code).toBe(0)
    const text = await readFile(output, 'utf8')
    expect(text.endsWith('\n')).toBe(true)
    const outcomes = outcomesIn(text)
    expect(outcomes.map(({ id }) => Number(id)).sort((a, b) => a - b)).toEqual(ids)
    expect(outcomes.filter(({ results }) => results?.length === 2)).toHaveLength(1500)
  })
})

function tick(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
