import { execFileSync } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { lstat, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { serveLocalReranker } from '../../src/local/index.ts'
import { CAN_BE_KILLED, installCommand, outcomeOf } from '../helpers/command.ts'
import type { InstalledCommand } from '../helpers/command.ts'
import { reply, serveFaults, well } from '../helpers/fault-server.ts'
import { KEY } from '../helpers/rerank.ts'

let command: InstalledCommand
beforeAll(async () => {
  command = await installCommand()
  await command.write('other', '{}')
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

  test('makes a broken line an error with its number and, where it can be read, its id', async () => {
    const { input, output } = await folderWith([
      '{"id": 1, "query": ',
      '[]',
      { query: 'q', documents: [] },
      { id: 4, documents: [] },
      { id: 'five', query: 'q', documents: 'd' },
      { id: 6.5, query: 'q', documents: ['d', 1] },
      { id: 7, query: 'q', documents: ['d'], top_n: 0 },
      GOOD[0],
      GOOD[0],
      { id: 4, query: 'q', documents: ['d'] },
    ])
    const { code, stderr } = await command.run(['bulk', '--local', input, '-o', output])
    expect(code).toBe(1)
    expect(stderr).toMatch(/^10 jobs, 9 failed, /)
    const outcomes = outcomesIn(await readFile(output, 'utf8'))
    expect(outcomes.filter(({ error }) => !error).map(({ id }) => id)).toEqual(['a'])
    const errors = outcomes.filter(({ error }) => error)
    expect(errors.map(({ id, line, error }) => [id, line, error?.message])).toEqual([
      [undefined, 1, 'the line is no JSON'],
      [undefined, 2, 'the line is no JSON object'],
      [undefined, 3, '"id" must be a string or a number'],
      [4, 4, '"query" must be a string'],
      ['five', 5, '"documents" must be an array'],
      [6.5, 6, '"documents"[1] must be a string, or have a "text"'],
      [7, 7, '"top_n" must be a whole number, 1 or more'],
      [undefined, 9, 'the id "a" came before, on line 8'],
      [undefined, 10, 'the id 4 came before, on line 4'],
    ])
  })

  test.each([
    '9007199254740993',
    '-9007199254740993',
    '1e400',
    '1.00000000000000000001',
    '0.1234567890123456789',
  ])('makes no other id of a number that JavaScript can not hold: %s', async (id) => {
    const { input, output } = await folderWith([`{"id":${id},"query":"q","documents":["d"]}`])
    const { code } = await command.run(['bulk', '--local', input, '-o', output])
    expect(code).toBe(1)
    const message = '"id" is a number that would lose digits: write it as a string'
    expect(outcomesIn(await readFile(output, 'utf8'))).toEqual([
      { line: 1, error: { kind: 'input', message } },
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

  test.each([
    [401, 'the key is refused'],
    [402, 'the account has no credit'],
    [403, 'the key may not do this'],
    [404, 'the model does not exist'],
  ])('ends by a %i for all, where %s, and writes no job off for it', async (status) => {
    const service = await serveFaults(() => reply(status, '{"detail":"no such thing"}'))
    const { input, output } = await folderWith(GOOD)
    const args = ['bulk', '--base-url', service.url, input, '-o', output]
    const { code, stderr } = await command.run(args, { env: { NEBIUS_API_KEY: KEY } })
    expect(code).toBe(2)
    expect(stderr).toMatch(
      new RegExp(`^nebius-rerank: .* ${status}: .*[^.]\\. Go on with --resume when that is settled\\n$`),
    )
    expect(stderr).not.toContain(KEY)
    expect(await readFile(output, 'utf8')).toBe('')
  })

  test.each([
    [403, 'a firewall refuses'],
    [404, 'nothing is found for'],
  ])('goes on after a %i for one, which %s, and makes that an error', async (status) => {
    const page = reply(status, '<html><title>Attention Required!</title></html>')
    const service = await serveFaults((request) => (request.body.includes('evil') ? page : well))
    const { input, output } = await folderWith([{ id: 'evil', query: 'evil', documents: ['d'] }, ...GOOD])
    const args = ['bulk', '--base-url', service.url, '--concurrency', '1', input, '-o', output]
    const { code } = await command.run(args, { env: { NEBIUS_API_KEY: KEY } })
    expect(code).toBe(1)
    const outcomes = outcomesIn(await readFile(output, 'utf8'))
    expect(outcomes.map(({ id, error }) => [id, error?.status])).toEqual([
      ['evil', status],
      ['a', undefined],
      [2, undefined],
    ])
  })

  test('ends once ten in a row are answered 403, those before being ranked', async () => {
    const refused = reply(403, '{"detail":"no longer"}')
    const service = await serveFaults(() => (service.received.length > 2 ? refused : well))
    const jobs = Array.from({ length: 40 }, (_, id) => ({ id, query: 'q', documents: ['d'] }))
    const { input, output } = await folderWith(jobs)
    const args = ['bulk', '--base-url', service.url, '--concurrency', '1', input, '-o', output]
    const { code } = await command.run(args, { env: { NEBIUS_API_KEY: KEY } })
    expect(code).toBe(2)
    expect(outcomesIn(await readFile(output, 'utf8')).map(({ error }) => error)).toEqual([
      undefined,
      undefined,
    ])
    expect(service.received.length).toBeLessThan(15)
  })

  test('takes a number however it is written, where it keeps its digits', async () => {
    const ids = ['1.50', '10e-1', '2E+3', '-0.25', '0.1']
    const lines = ids.map(
      (id) => `{"documents":[{"text":"d","id":3.00000000000000000001}],"id" : ${id},"query":"q"}`,
    )
    const { input, output } = await folderWith(lines)
    const { code } = await command.run(['bulk', '--local', input, '-o', output])
    expect(code).toBe(0)
    const outcomes = outcomesIn(await readFile(output, 'utf8'))
    expect(outcomes.map(({ id }) => id).sort()).toEqual([1.5, 1, 2000, -0.25, 0.1].sort())
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
    expect(stderr).toMatch(/^1 job, 2 done before \(1 failed\), /)
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

  test('leaves errors as they are', async () => {
    const { input, output } = await folderWith(GOOD)
    const before = '{"id":"a","error":{"kind":"server","message":"m"}}\n'
    await writeFile(output, before)
    const { code } = await command.run(['bulk', '--local', input, '-o', output, '--resume'])
    expect(code).toBe(1)
    const text = await readFile(output, 'utf8')
    expect(text.startsWith(before)).toBe(true)
    expect(outcomesIn(text)).toHaveLength(2)
  })

  test.each([
    ['goes on', '', []],
    ['tries it again', '{"id":2,"error":{}}\n', ['--retry-failed']],
  ])(
    'makes all that is left an error where it is answered 403 and others were ranked before: %s',
    async (_, error, flags) => {
      const service = await serveFaults(() => reply(403, '{"detail":"no"}'))
      const { input, output } = await folderWith(GOOD)
      await writeFile(output, `{"id":"a","results":[],"usage":{}}\n${error}`)
      const args = ['bulk', '--base-url', service.url, input, '-o', output, '--resume', ...flags]
      const { code } = await command.run(args, { env: { NEBIUS_API_KEY: KEY } })
      expect(code).toBe(1)
      expect(outcomesIn(await readFile(output, 'utf8')).map(({ id, error }) => [id, error?.status])).toEqual([
        ['a', undefined],
        [2, 403],
      ])
    },
  )

  test('starts anew where there is nothing', async () => {
    const { input, output } = await folderWith(GOOD)
    const { code } = await command.run(['bulk', '--local', input, '-o', output, '--resume'])
    expect(code).toBe(0)
    expect(outcomesIn(await readFile(output, 'utf8'))).toHaveLength(2)
  })

  test.runIf(CAN_BE_KILLED)(
    'after kill -9 at any moment, ten times, ends with each id once and no half line',
    async () => {
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
    },
  )
})

describe('--resume --retry-failed', () => {
  test('tries the errors again, and keeps the rest', async () => {
    const { input, output } = await folderWith([...GOOD, 'broken', { id: 5, query: 1 }])
    const kept = '{"id":2,"results":[],"usage":{}}\n'
    const errors = ['{"id":"a","error":{}}', '{"line":3,"error":{}}', '{"id":5,"line":4,"error":{}}']
    await writeFile(output, `${errors[0] ?? ''}\n${kept}${errors.slice(1).join('\n')}\n{"id":7,"resu`)
    const args = ['bulk', '--local', input, '-o', output, '--resume', '--retry-failed']
    const { code, stderr } = await command.run(args)
    expect(code).toBe(1)
    expect(stderr).toMatch(/^3 jobs, 2 failed, 1 done before, /)
    const text = await readFile(output, 'utf8')
    expect(text.startsWith(kept)).toBe(true)
    const outcomes = outcomesIn(text).slice(1)
    expect(outcomes.find(({ id }) => id === 'a')?.results).toHaveLength(2)
    expect(outcomes.filter(({ error }) => error).map(({ id, line }) => [id, line])).toEqual([
      [undefined, 3],
      [5, 4],
    ])
    expect(await readdir(dirname(output))).toEqual(['IN.jsonl', 'OUT.jsonl'])
  })

  test('puts those back that it has not come to when it can not go on', async () => {
    const service = await serveFaults([well, reply(401, '{"detail":"no"}')])
    const { input, output } = await folderWith(GOOD)
    const errors = ['{"id":2,"error":{"message":"m"}}', '{"id":"a","error":{"message":"m"}}']
    await writeFile(output, `${errors.join('\n')}\n`)
    const args = ['bulk', '--base-url', service.url, '--concurrency', '1', input, '-o', output]
    const { code } = await command.run([...args, '--resume', '--retry-failed'], {
      env: { NEBIUS_API_KEY: KEY },
    })
    expect(code).toBe(2)
    expect(outcomesIn(await readFile(output, 'utf8'))).toEqual([
      expect.objectContaining({ id: 'a', results: expect.any(Array) as unknown }),
      { id: 2, error: { message: 'm' } },
    ])
  })

  test('puts none back beside what it has written meanwhile', async () => {
    const service = await serveFaults(() => reply(401, '{"detail":"no"}'))
    const { input, output } = await folderWith([...GOOD, ...Array.from({ length: 2000 }, () => 'x')])
    const errors = Array.from({ length: 2000 }, (_, index) => `{"line":${index + 3},"error":{}}\n`)
    await writeFile(output, errors.join(''))
    const args = ['bulk', '--base-url', service.url, input, '-o', output, '--resume', '--retry-failed']
    expect((await command.run(args, { env: { NEBIUS_API_KEY: KEY } })).code).toBe(2)
    const lines = outcomesIn(await readFile(output, 'utf8')).map(({ line }) => Number(line))
    expect(lines.sort((a, b) => a - b)).toEqual(errors.map((_, index) => index + 3))
  })

  test('drops those whose lines are no longer there', async () => {
    const { input, output } = await folderWith(GOOD)
    await writeFile(output, '{"line":7,"error":{"message":"m"}}\n')
    const args = ['bulk', '--local', input, '-o', output, '--resume', '--retry-failed']
    expect((await command.run(args)).code).toBe(0)
    expect(outcomesIn(await readFile(output, 'utf8')).map(({ error }) => error)).toEqual([
      undefined,
      undefined,
    ])
  })

  test('follows a link to the file, and leaves it one, and the file as private as it was', async () => {
    const { input, output } = await folderWith(GOOD)
    await writeFile(`${output}.target`, '{"id":"a","error":{}}\n', { mode: 0o600 })
    await symlink(`${output}.target`, output)
    const args = ['bulk', '--local', input, '-o', output, '--resume', '--retry-failed']
    expect((await command.run(args)).code).toBe(0)
    expect((await lstat(output)).isSymbolicLink()).toBe(true)
    expect((await stat(output)).mode & 0o777).toBe(0o600)
    expect(outcomesIn(await readFile(`${output}.target`, 'utf8')).map(({ error }) => error)).toEqual([
      undefined,
      undefined,
    ])
  })

  test.runIf(CAN_BE_KILLED)(
    'after kill -9 at any moment ends with each id once and no half line',
    async () => {
      const ids = Array.from({ length: 3000 }, (_, id) => id)
      const { input, output } = await folderWith(
        ids.map((id) => ({ id, query: 'q', documents: [`${id}`, 'q'] })),
      )
      // Large enough for a kill to come while the copy is written.
      const message = 'm'.repeat(2000)
      const outcome = (id: number): object => (id % 2 ? { id, results: [] } : { id, error: { message } })
      await writeFile(output, ids.map((id) => `${JSON.stringify(outcome(id))}\n`).join(''))
      const args = ['bulk', '--local', input, '-o', output, '--resume', '--retry-failed']
      for (let round = 0; round < 8; round += 1) {
        const child = command.start(args)
        const ended = outcomeOf(child)
        await untilTouched(dirname(output), child)
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
    },
  )
})

describe.concurrent('a wrong call exits with 2 and says in one line', () => {
  test.each([
    ['no file', ['-o', 'out'], /bulk takes one file/],
    ['two files', ['a', 'b', '-o', 'out'], /bulk takes one file/],
    ['no output', ['--local', 'in'], /bulk needs -o OUT/],
    ['a missing file', ['--local', 'nowhere', '-o', 'out'], /Can't read nowhere: no such file/],
    ['an output that can not be written', ['--local', '-', '-o', 'no/where'], /Can't write no\/where/],
    ['--resume of a stream', ['--local', '-', '-o', '-', '--resume'], /--resume needs a file/],
    [
      '--retry-failed alone',
      ['--local', '-', '-o', 'out', '--retry-failed'],
      /--retry-failed goes with --resume/,
    ],
    ['no key', ['-', '-o', 'out'], /No API key/],
    ['a concurrency of none', ['--local', '-', '-o', 'out', '--concurrency', '0'], /--concurrency needs/],
    ['an output that is not empty', ['--local', '-', '-o', 'package.json'], /package\.json is not empty/],
    ['an output of another kind', ['--local', '-', '-o', 'other', '--resume'], /other:1 is no outcome/],
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
    await command.write('foreign', '{}')
    await command.run(['bulk', '--local', '-', '-o', 'foreign', '--resume'])
    expect(await readFile(join(command.dir, 'foreign'), 'utf8')).toBe('{}')
  })
})

/** Resolves at the first change in a folder, or when the process is over. */
async function untilTouched(folder: string, child: ChildProcess): Promise<void> {
  const state = async (): Promise<string> =>
    (await readdir(folder)).filter((name) => !name.includes('.lock')).join() +
    String(await sizeOf(join(folder, 'OUT.jsonl')))
  const before = await state()
  while (child.exitCode === null && (await state()) === before) await tick()
}

async function sizeOf(file: string): Promise<number> {
  return (await readFile(file).catch(() => Buffer.alloc(0))).byteLength
}

function tick(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
