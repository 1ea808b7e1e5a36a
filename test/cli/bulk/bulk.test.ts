import { execFileSync } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { GOOD, folderWith, outcomesIn, sizeOf } from '../../helpers/bulk-files.ts'
import type { Command } from '../../helpers/command.ts'
import { reply, serveFaults, well } from '../../helpers/fault-server.ts'
import { loadCommand } from '../../helpers/loaded-command.ts'
import { KEY } from '../../helpers/rerank.ts'

let command: Command
beforeAll(async () => {
  command = await loadCommand()
  await command.write('other', '{}')
  await command.write('lines', '{"id":1,"results":[]}\nanother\n')
})
afterAll(() => command.remove())

/** A folder for a run whose jobs come through a named pipe. */
async function folderWithPipe(): Promise<{ pipe: string; output: string }> {
  const { input, output } = await folderWith([])
  const pipe = `${input}.pipe`
  execFileSync('mkfifo', [pipe])
  return { pipe, output }
}

/** A service that takes long enough for progress to be shown. */
function serveSlowly(): ReturnType<typeof serveFaults> {
  return serveFaults(() => (response, request) => setTimeout(() => void well(response, request), 30))
}

describe('a run', () => {
  test('writes a line for each job, and sums up', async () => {
    const { input, output } = await folderWith(GOOD)
    const { code, stdout, stderr } = await command.run(['bulk', '--local', input, '-o', output])
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' })
    expect(stderr).toMatch(/^2 jobs, \d+ tokens, [\d.]+ jobs\/s\n$/)
    expect(stderr).not.toContain(' 0.0 jobs/s')
    const outcomes = outcomesIn(await readFile(output, 'utf8'))
    expect(outcomes.find(({ id }) => id === 'a')?.results?.map(({ index }) => index)).toEqual([1, 0])
    expect(outcomes.find(({ id }) => id === 2)?.results?.map(({ index }) => index)).toEqual([1])
    expect(outcomes[0]?.usage?.total_tokens).toBeGreaterThan(0)
  })

  test('says that a file has no jobs', async () => {
    const { input, output } = await folderWith([])
    const { code, stderr } = await command.run(['bulk', '--local', input, '-o', output])
    expect(code).toBe(0)
    expect(stderr.split('\n')).toContain(`${input} has no jobs`)
  })

  test('reads a named pipe, which can be read once', async () => {
    const { pipe, output } = await folderWithPipe()
    const lines = GOOD.map((line) => JSON.stringify(line) + '\n').join('')
    const [{ code }] = await Promise.all([
      command.run(['bulk', '--local', pipe, '-o', output]),
      writeFile(pipe, lines),
    ])
    expect(code).toBe(0)
    expect(outcomesIn(await readFile(output, 'utf8'))).toHaveLength(2)
  })

  test.each([
    ['its own input', (input: string) => input, 'is used twice'],
    [
      'a file of another kind, though it ends without a line break',
      (_: string, other: string) => other,
      'not an outcome',
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
      input: `\uFEFF${line}\r\n\n  \n`,
    })
    expect(code).toBe(0)
    expect(outcomesIn(stdout)).toMatchObject([{ id: 1, results: [{ index: 0 }] }])
  })

  test('makes a broken line an error with its number and, where it can be read, its id', async () => {
    const { input, output } = await folderWith([
      '{"id": 1, "query": ',
      '[]',
      { id: null, query: 'q', documents: [] },
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
    expect(stderr).toMatch(
      /^line 1 \(input\): the line is not JSON\n10 jobs, 9 failed, .*\nTo try failed jobs again: nebius-rerank bulk --local \S+ -o \S+ --resume --retry-failed\n$/,
    )
    const outcomes = outcomesIn(await readFile(output, 'utf8'))
    expect(outcomes.filter(({ error }) => !error).map(({ id }) => id)).toEqual(['a'])
    const errors = outcomes.filter(({ error }) => error)
    expect(errors.map(({ id, line, error }) => [id, line, error?.message])).toEqual([
      [undefined, 1, 'the line is not JSON'],
      [undefined, 2, 'the line is not a JSON object'],
      [undefined, 3, '"id" must be a string or a number, got null'],
      [4, 4, '"query" must be a string, got undefined'],
      ['five', 5, '"documents" must be an array, got "d"'],
      [6.5, 6, '"documents"[1] must be a string, or have a "text", got 1'],
      [7, 7, '"top_n" must be a whole number, 1 or more, got 0'],
      [undefined, 9, 'the id "a" is already used on line 8'],
      [undefined, 10, 'the id 4 is already used on line 4'],
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
      new RegExp(`^nebius-rerank: .* ${status}: .*[^.]\\. Continue with --resume when that is resolved\\n$`),
    )
    expect(stderr).not.toContain(KEY)
    expect(await sizeOf(output)).toBe(-1)
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

  test.each([
    ['jsonl', /^\{"id":"1","query":"q","lang":"en","results"/],
    ['csv', /^id,line,rank,of,index,relevance_score,tokens,error,message,query,lang,document\.text\n/],
  ])('keeps no text of a document among the fields of a job, a row each: into %s', async (format, begins) => {
    const { input, output } = await folderWith(['id,query,lang,body', '1,q,en,one q', '1,q,en,two'])
    const flags = ['--text-field', 'body', '--keep', '--with-documents', '--output-format', format]
    const { code } = await command.run(['bulk', '--local', ...flags, input, '-o', output])
    expect(code).toBe(0)
    expect(await readFile(output, 'utf8')).toMatch(begins)
  })

  test.each([
    ['id', 'the id "1" is already used on line 2'],
    ['query', undefined],
  ])('takes rows of one %s for one job where they stand one after another', async (by, message) => {
    const { input, output } = await folderWith([
      `${by},${by === 'id' ? 'query' : 'x'},text`,
      '1,q,a',
      '2,q,b',
      '1,q,c',
    ])
    await command.run(['bulk', '--local', input, '-o', output, '--output-format', 'jsonl'])
    const outcomes = outcomesIn(await readFile(output, 'utf8'))
    expect(outcomes).toHaveLength(3)
    expect(outcomes.find(({ error }) => error)?.error?.message).toBe(message)
  })

  test('shows a bar of what was left on a terminal, cut to its width, and takes it away', async () => {
    const slow = await serveSlowly()
    const jobs = Array.from({ length: 15 }, (_, id) => ({ id, query: 'q', documents: ['d'] }))
    const { input, output } = await folderWith(jobs)
    await writeFile(output, '{"id":0,"results":[]}\n{"id":1,"results":[]}\n')
    const args = ['bulk', '--base-url', slow.url, '--concurrency', '1', input, '-o', output, '--resume']
    const { code, stdout } = await command.runInTerminal(60, args, { NEBIUS_API_KEY: KEY })
    expect(code).toBe(0)
    const frames = stdout.split('\r\u001B[K').map((frame) => frame.replace(/\u001B\[\d+m/g, ''))
    expect(frames).toContainEqual(expect.stringMatching(/^█+░+ {2}\d+ of 13, [\d.]+ jobs\/s/))
    expect(frames.filter((frame) => frame.length > 60)).toEqual([])
    expect(frames.at(-1)).toMatch(/^13 jobs, 2 already done, \d+ tokens, [\d.]+ jobs\/s\n$/)
  })

  test('shows what is done of a stream on a terminal, without a bar', async () => {
    const slow = await serveSlowly()
    const { pipe, output } = await folderWithPipe()
    const lines = Array.from({ length: 15 }, (_, id) => `{"id":${id},"query":"q","documents":["d"]}\n`)
    const args = ['bulk', '--base-url', slow.url, '--concurrency', '1', pipe, '-o', output]
    const [{ code, stdout }] = await Promise.all([
      command.runInTerminal(60, args, { NEBIUS_API_KEY: KEY }),
      writeFile(pipe, lines.join('')),
    ])
    expect(code).toBe(0)
    const frames = stdout.split('\r\u001B[K')
    expect(frames.filter((frame) => /^\d+, [\d.]+ jobs\/s, \d+ tokens$/.test(frame)).length).toBeGreaterThan(
      0,
    )
    expect(stdout).not.toContain(' of ')
  })
})

describe('a wrong call exits with 2 and says in one line', () => {
  test.each([
    ['no file', ['-o', 'out'], /bulk takes one file/],
    ['two files', ['a', 'b', '-o', 'out'], /bulk takes one file/],
    ['no output', ['--local', 'in'], /bulk needs -o OUT/],
    ['an output without a name', ['--local', 'in', '-o', ''], /bulk needs -o OUT/],
    [
      'half a request at once',
      ['--local', '-', '-o', 'out', '--concurrency', '1.5'],
      /--concurrency must be/,
    ],
    [
      'no request in a minute',
      ['--local', '-', '-o', 'out', '--requests-per-minute', '0'],
      /--requests-per-minute must be a number, 0.001 or more/,
    ],
    [
      'no token in a minute',
      ['--local', '-', '-o', 'out', '--tokens-per-minute', '0'],
      /--tokens-per-minute must be a number, 1 or more/,
    ],
    ['a missing file', ['--local', 'nowhere', '-o', 'out'], /Can't read nowhere: no such file/],
    ['an output that can not be written', ['--local', '-', '-o', 'no/where'], /Can't write no\/where/],
    ['--resume of a stream', ['--local', '-', '-o', '-', '--resume'], /--resume needs an output file/],
    [
      '--retry-failed alone',
      ['--local', '-', '-o', 'out', '--retry-failed'],
      /--retry-failed needs --resume/,
    ],
    ['no key', ['-', '-o', 'out'], /No API key/],
    ['a concurrency of none', ['--local', '-', '-o', 'out', '--concurrency', '0'], /--concurrency must be/],
    ['an output that is not empty', ['--local', '-', '-o', 'other'], /other is not empty/],
    ['an output of another kind', ['--local', '-', '-o', 'other', '--resume'], /other:1 is not an outcome/],
    [
      'an output with lines of another kind',
      ['--local', '-', '-o', 'lines', '--resume'],
      /lines:2 is not an outcome/,
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
