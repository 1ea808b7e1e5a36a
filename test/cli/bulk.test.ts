import { execFileSync } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { serveLocalReranker } from '../../src/local/index.ts'
import { installCommand, outcomeOf } from '../helpers/command.ts'
import type { InstalledCommand } from '../helpers/command.ts'
import { reply, serveFaults, well } from '../helpers/fault-server.ts'
import { KEY } from '../helpers/rerank.ts'

let command: InstalledCommand
beforeAll(async () => {
  command = await installCommand()
  await command.write('lines', '{"id":1,"results":[]}\nanother\n')
})
afterAll(() => command.remove())

interface Outcome {
  id?: string | number
  line?: number
  results?: { index: number; relevance_score: number }[]
  usage?: { total_tokens: number }
  error?: { kind: string; status?: number; message: string }
}

/** A folder for one test, with the lines in IN.jsonl. */
async function folderWith(lines: readonly unknown[]): Promise<{ input: string; output: string }> {
  const dir = await mkdtemp(join(tmpdir(), 'nebius-rerank-bulk-'))
  onTestFinished(() => rm(dir, { recursive: true }))
  const input = join(dir, 'IN.jsonl')
  await writeFile(
    input,
    lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line)) + '\n').join(''),
  )
  return { input, output: join(dir, 'OUT.jsonl') }
}

const outcomesIn = (text: string): Outcome[] =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Outcome)

const GOOD = [
  {
    id: 'a',
    query: 'capital of France',
    documents: ['Belgrade', { text: 'Paris, capital of France', more: 1 }],
  },
  { id: 2, query: 'fruit', documents: ['axle', 'fruit', 'stone'], top_n: 1 },
]

describe('a run', () => {
  test('writes a line for each job, and sums up', async () => {
    const { input, output } = await folderWith(GOOD)
    const { code, stdout, stderr } = await command.run(['bulk', '--local', input, '-o', output])
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' })
    expect(stderr).toMatch(/^2 jobs, \d+ tokens, [\d.]+ a second\n$/)
    const outcomes = outcomesIn(await readFile(output, 'utf8'))
    expect(outcomes.find(({ id }) => id === 'a')?.results?.map(({ index }) => index)).toEqual([1, 0])
    expect(outcomes.find(({ id }) => id === 2)?.results?.map(({ index }) => index)).toEqual([1])
    expect(outcomes[0]?.usage?.total_tokens).toBeGreaterThan(0)
  })

  test('reads a named pipe, which can be read once', async () => {
    const { input, output } = await folderWith([])
    const pipe = `${input}.pipe`
    execFileSync('mkfifo', [pipe])
    const lines = GOOD.map((line) => JSON.stringify(line) + '\n').join('')
    const [{ code }] = await Promise.all([
      command.run(['bulk', '--local', pipe, '-o', output]),
      writeFile(pipe, lines),
    ])
    expect(code).toBe(0)
    expect(outcomesIn(await readFile(output, 'utf8'))).toHaveLength(2)
  })

  test.each([
    ['its own input', (input: string) => input, 'IN and OUT are the same file'],
    [
      'a file of another kind, though it ends without a line break',
      (_: string, other: string) => other,
      'no outcome',
    ],
  ])('never writes over %s', async (_, choose, message) => {
    const { input, output } = await folderWith(GOOD)
    const foreign = '{"id":1,"query":"q","documents":["a"]}'
    await writeFile(output, foreign)
    const path = choose(input, output)
    const before = await readFile(path, 'utf8')
    const { code, stderr } = await command.run(['bulk', '--local', input, '-o', path, '--resume'])
    expect(code).toBe(2)
    expect(stderr).toContain(message)
    expect(await readFile(path, 'utf8')).toBe(before)
  })

  test('goes by the standard streams as well', async () => {
    const line = JSON.stringify({ id: 1, query: 'a\u2028b', documents: ['a\u2028b'] })
    const { code, stdout } = await command.run(['bulk', '--local', '-', '-o', '-'], {
      input: `\uFEFF${line}\r\n\n`,
    })
    expect(code).toBe(0)
    expect(outcomesIn(stdout)).toMatchObject([{ id: 1, results: [{ index: 0 }] }])
  })

  test('makes a broken line an error with its number, and goes on', async () => {
    const { input, output } = await folderWith([
      '{"id": 1, "query": ',
      '[]',
      { query: 'q', documents: [] },
      { id: 4, documents: [] },
      { id: 5, query: 'q', documents: 'd' },
      { id: 6, query: 'q', documents: ['d', 1] },
      { id: 7, query: 'q', documents: ['d'], top_n: 0 },
      GOOD[0],
      GOOD[0],
    ])
    const { code, stderr } = await command.run(['bulk', '--local', input, '-o', output])
    expect(code).toBe(1)
    expect(stderr).toMatch(/^9 jobs, 8 failed, /)
    const outcomes = outcomesIn(await readFile(output, 'utf8'))
    expect(outcomes.filter(({ error }) => !error).map(({ id }) => id)).toEqual(['a'])
    expect(outcomes.filter(({ error }) => error).map(({ line, error }) => [line, error?.message])).toEqual([
      [1, 'the line is no JSON'],
      [2, 'the line is no JSON object'],
      [3, '"id" must be a string or a number'],
      [4, '"query" must be a string'],
      [5, '"documents" must be an array'],
      [6, '"documents"[1] must be a string, or have a "text"'],
      [7, '"top_n" must be a whole number, 1 or more'],
      [9, 'the id "a" came before, on line 8'],
    ])
  })

  test('makes a job that the service refuses an error, and loses no other', async () => {
    const bad = reply(422, '{"detail":[{"loc":["body"],"msg":"no","type":"t"}]}')
    const service = await serveFaults((request) => (request.body.includes('fruit') ? bad : well))
    const { input, output } = await folderWith(GOOD)
    const args = ['bulk', '--base-url', service.url, input, '-o', output]
    const { code } = await command.run(args, { env: { NEBIUS_API_KEY: KEY } })
    expect(code).toBe(1)
    const outcomes = outcomesIn(await readFile(output, 'utf8'))
    expect(outcomes.find(({ id }) => id === 2)?.error).toMatchObject({ kind: 'bad_request', status: 422 })
    expect(outcomes.find(({ id }) => id === 'a')).toHaveProperty('results')
  })

  test('ends where the key is refused, and writes no job off for it', async () => {
    const server = await serveLocalReranker({ apiKey: 'another' })
    onTestFinished(() => server.close())
    const { input, output } = await folderWith(GOOD)
    const args = ['bulk', '--base-url', server.url, input, '-o', output]
    const { code, stderr } = await command.run(args, { env: { NEBIUS_API_KEY: KEY } })
    expect(code).toBe(2)
    expect(stderr).toMatch(/^nebius-rerank: .*401.*--resume when that is settled\n$/)
    expect(stderr).not.toContain(KEY)
    expect(await readFile(output, 'utf8')).toBe('')
  })

  test('shows a bar on a terminal, cut to its width, and takes it away', async () => {
    const slow = await serveFaults(
      () => (response, request) => setTimeout(() => void well(response, request), 30),
    )
    const jobs = Array.from({ length: 40 }, (_, id) => ({ id, query: 'q', documents: ['d'] }))
    const { input, output } = await folderWith(jobs)
    const args = ['bulk', '--base-url', slow.url, '--concurrency', '1', input, '-o', output]
    const { code, stdout } = await command.runInTerminal(60, args, { NEBIUS_API_KEY: KEY })
    expect(code).toBe(0)
    const frames = stdout.split('\r\u001B[K').map((frame) => frame.replace(/\u001B\[\d+m/g, ''))
    expect(frames).toContainEqual(expect.stringMatching(/^█+░+ {2}\d+ of 40, [\d.]+ a second/))
    expect(frames.filter((frame) => frame.length > 60)).toEqual([])
    expect(frames.at(-1)).toMatch(/^40 jobs, \d+ tokens, [\d.]+ a second\n$/)
  })
})

describe('--resume', () => {
  test('does what is left, and keeps what is there', async () => {
    const { input, output } = await folderWith([...GOOD, 'broken'])
    await writeFile(output, '{"id":"a","results":[],"usage":{}}\n{"line":3,"error":{"message":"m"}}\n')
    const { code, stderr } = await command.run(['bulk', '--local', input, '-o', output, '--resume'])
    expect(code).toBe(1)
    expect(stderr).toMatch(/^1 jobs, 2 done before, /)
    expect(outcomesIn(await readFile(output, 'utf8')).map((each) => each.id ?? each.line)).toEqual([
      'a',
      3,
      2,
    ])
  })

  test.each(['{"id":2,"results":[{"in', '{"id":2,"results":[],"usage":{}}', '{"i'])(
    'takes off a last line without its end: %s',
    async (rest) => {
      const { input, output } = await folderWith(GOOD)
      await writeFile(output, `{"id":"a","results":[],"usage":{}}\n${rest}`)
      const { code } = await command.run(['bulk', '--local', input, '-o', output, '--resume'])
      expect(code).toBe(0)
      const outcomes = outcomesIn(await readFile(output, 'utf8'))
      expect(outcomes.map(({ id, results }) => [id, results?.length])).toEqual([
        ['a', 0],
        [2, 1],
      ])
    },
  )

  test('starts anew where there is nothing', async () => {
    const { input, output } = await folderWith(GOOD)
    const { code } = await command.run(['bulk', '--local', input, '-o', output, '--resume'])
    expect(code).toBe(0)
    expect(outcomesIn(await readFile(output, 'utf8'))).toHaveLength(2)
  })

  test('after kill -9 at any moment, ten times, ends with each id once and no half line', async () => {
    const ids = Array.from({ length: 400 }, (_, id) => `job-${id}`)
    const documents = Array.from({ length: 40 }, (_, index) => `document ${index}`)
    const { input, output } = await folderWith(ids.map((id) => ({ id, query: 'document', documents })))
    const server = await serveLocalReranker()
    onTestFinished(() => server.close())
    const args = ['bulk', '--base-url', server.url, '--concurrency', '4', input, '-o', output, '--resume']
    const env = { NEBIUS_API_KEY: KEY }
    let killedInside = 0
    for (let round = 0; round < 10; round += 1) {
      const child = command.start(args, env)
      const ended = outcomeOf(child)
      const before = await sizeOf(output)
      // Some die before they have begun, the rest at any moment after their first line.
      if (round > 0) while ((await sizeOf(output)) === before && child.exitCode === null) await tick()
      for (let left = Math.random() * 20; left > 0; left -= 1) await tick()
      child.kill('SIGKILL')
      if ((await ended).code === null) killedInside += 1
    }
    expect(killedInside).toBe(10)
    const { code } = await command.run(args, { env })
    expect(code).toBe(0)
    const text = await readFile(output, 'utf8')
    expect(text.endsWith('\n')).toBe(true)
    const outcomes = outcomesIn(text)
    expect(outcomes.map(({ id }) => String(id)).sort()).toEqual([...ids].sort())
    expect(outcomes.every(({ results }) => results?.length === 40)).toBe(true)
  })
})

describe.concurrent('a wrong call exits with 2 and says in one line', () => {
  test.each([
    ['no file', ['-o', 'out'], /bulk takes one file/],
    ['two files', ['a', 'b', '-o', 'out'], /bulk takes one file/],
    ['no output', ['--local', 'in'], /bulk needs -o OUT/],
    ['a missing file', ['--local', 'nowhere', '-o', 'out'], /Can't read nowhere: no such file/],
    ['an output that can not be written', ['--local', '-', '-o', 'no/where'], /Can't write no\/where/],
    ['--resume of a stream', ['--local', '-', '-o', '-', '--resume'], /--resume needs a file/],
    ['no key', ['-', '-o', 'out'], /No API key/],
    ['a concurrency of none', ['--local', '-', '-o', 'out', '--concurrency', '0'], /--concurrency needs/],
    ['an output that is not empty', ['--local', '-', '-o', 'package.json'], /package\.json is not empty/],
    ['an output of another kind', ['--local', '-', '-o', 'package.json', '--resume'], /json:1 is no outcome/],
    [
      'an output with lines of another kind',
      ['--local', '-', '-o', 'lines', '--resume'],
      /lines:2 is no outcome/,
    ],
  ] as const)('for %s', async (_, args, message) => {
    const { code, stdout, stderr } = await command.run(['bulk', ...args])
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toMatch(/^nebius-rerank: [^\n]+\n$/)
    expect(stderr).toMatch(message)
  })

  test('and leaves a file of another kind as it is', async () => {
    const before = await readFile(join(command.dir, 'package.json'), 'utf8')
    await command.run(['bulk', '--local', '-', '-o', 'package.json', '--resume'])
    expect(await readFile(join(command.dir, 'package.json'), 'utf8')).toBe(before)
  })
})

async function sizeOf(file: string): Promise<number> {
  return (await readFile(file).catch(() => Buffer.alloc(0))).byteLength
}

function tick(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
