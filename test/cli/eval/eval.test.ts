import { link, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { measureRun, readQrels, readRun } from '../../../src/eval/index.ts'
import { outcomeOf } from '../../helpers/command.ts'
import type { Command, Run } from '../../helpers/command.ts'
import { reply, serveFaults, stall, well } from '../../helpers/fault-server.ts'
import { loadCommand } from '../../helpers/loaded-command.ts'
import { KEY } from '../../helpers/rerank.ts'

let command: Command
beforeAll(async () => {
  command = await loadCommand()
})
afterAll(() => command.remove())

const fixture = (name: string): string =>
  fileURLToPath(new URL(`../../fixtures/eval/${name}`, import.meta.url))
const QRELS = ['--qrels', fixture('qrels.txt')]
const RUN = ['--run', fixture('run.txt')]

const run = (...args: string[]): Promise<Run> => command.run(['eval', ...args])

interface System {
  name: string
  measures: Record<string, number>
  compared?: Record<
    string,
    { difference: number; interval: number[]; wins: number; ties: number; losses: number }
  >
  perQuery: Record<string, Record<string, number>>
  tokens?: number
  cost?: number | null
  failed?: { id: string; error: string }[]
}
const systemsIn = ({ stdout }: Run): System[] => (JSON.parse(stdout) as { systems: System[] }).systems

/** A file in the command's folder. */
async function file(name: string, text: string): Promise<string> {
  const path = join(command.dir, name)
  await command.write(name, text)
  return path
}
const lines = (...values: unknown[]): string =>
  values.map((value) => (typeof value === 'string' ? value : JSON.stringify(value)) + '\n').join('')

const JUDGED = lines(
  {
    id: 'a',
    query: 'capital of France',
    documents: [
      { text: 'Lyon', relevance: 0 },
      { text: 'Paris, capital of France', relevance: 2 },
    ],
  },
  {
    id: 'b',
    query: 'fruit',
    documents: [{ text: 'fruit salad', relevance: 1 }, { title: 'fruit', text: 'fruit fruit' }, 'axle'],
  },
)

describe('a run without texts', () => {
  test('is measured, with the measures named as they were typed', async () => {
    const result = await run(...QRELS, ...RUN, '--measure', 'ndcg@10,MAP', '--measure', 'p@5', '--json')
    expect(result.code).toBe(0)
    const [only, ...more] = systemsIn(result)
    expect(only?.name).toBe('run.txt')
    expect(
      Object.entries(only?.measures ?? {}).map(([name, value]) => `${name} ${value.toFixed(4)}`),
    ).toEqual(['ndcg@10 0.2290', 'MAP 0.2698', 'p@5 0.2333'])
    expect(only?.perQuery['q2']?.['ndcg@10']?.toFixed(4)).toBe('0.5157')
    expect(more).toEqual([])
  })

  test('counts judged queries that it lacks with -c', async () => {
    const result = await run(...QRELS, ...RUN, '-c', '--measure', 'ndcg@10', '--json')
    expect(systemsIn(result)[0]?.measures['ndcg@10']?.toFixed(4)).toBe('0.1963')
  })

  test('is printed as a table', async () => {
    const { stdout } = await run(...QRELS, ...RUN, '--measure', 'ndcg@10,mrr')
    expect(stdout).toBe('run.txt, 6 queries\n\nndcg@10  0.2290\nmrr      0.3528\n')
  })

  test('is compared with another', async () => {
    const other = await file('other.txt', 'q1 Q0 d106 1 2 x\nq1 Q0 d115 2 1 x\n')
    const result = await run(...QRELS, ...RUN, '--run', other, '--measure', 'mrr', '--json')
    const [first, second] = systemsIn(result)
    expect([first?.perQuery['q1']?.['mrr'], second?.perQuery['q1']?.['mrr']]).toEqual([0.2, 1])
    expect(second?.compared?.['mrr']).toMatchObject({ wins: 1, ties: 1, losses: 4 })
    const { stdout } = await run(...QRELS, ...RUN, '--run', other, '--measure', 'mrr')
    expect(stdout).toContain('run.txt → other.txt, 6 queries')
    expect(stdout).toMatch(/\nmrr +0\.3528 +0\.1667 +−0\.1861 +\[−\d\.\d{4}, [+−]\d\.\d{4}\] +1 +1 +4\n/)
  })

  test.each([['--local'], ['-o', 'x'], ['--dry-run'], ['--model', 'm'], ['--top', '3'], ['--price', '1']])(
    'is not reranked: %s %s',
    async (...flags) => {
      const { code, stderr } = await run(...QRELS, ...RUN, ...flags)
      expect([code, stderr]).toEqual([2, expect.stringContaining('needs texts: add --queries and --corpus')])
    },
  )
})

describe('--fail-under', () => {
  test.each([
    ['ndcg@10=0.229', 0],
    ['ndcg@10=0.23', 1],
    ['recall@10=0.5', 1],
  ])('%s exits with %i', async (limit, expected) => {
    const { code, stderr } = await run(...QRELS, ...RUN, '--measure', 'ndcg@10', '--fail-under', limit)
    expect(code).toBe(expected)
    expect(stderr).toMatch(expected === 1 ? /^\S+@10 of run\.txt is 0\.\d{4}, below 0\.\d+\n$/ : /^$/)
  })

  test.each(['ndcg@10', '=0.5', 'ndcg@10=high', 'ndcg@10=1.5', 'nothing=0.5'])(
    '%s is no limit',
    async (limit) => {
      const { code, stdout } = await run(...QRELS, ...RUN, '--fail-under', limit)
      expect([code, stdout]).toEqual([2, ''])
    },
  )
})

describe('the sample', () => {
  test('is reranked without a key, a file or a network', async () => {
    const { code, stdout, stderr } = await run('--sample', '--local')
    expect([code, stderr]).toEqual([0, ''])
    expect(stdout).toMatch(
      /^first stage of the sample collection → ranked by words \(--local\), 30 queries\n/,
    )
    expect(stdout).toMatch(
      /\nHelped most, by ndcg@10\n( {2}\+0\.\d{4} {2}s\d\d .+\n){10}\nHurt most, by ndcg@10\n( {2}−0\.\d{4} {2}s\d\d .+\n){10}$/,
    )
    expect(stdout).toContain('Scores by words can be compared only within one query')
  })

  test('has one line for thresholds that coincide', async () => {
    const judged = await file('judged.jsonl', JUDGED)
    const { stdout } = await run('--local', judged)
    expect(stdout.match(/^Threshold .*/gm)).toEqual([
      expect.stringMatching(/^Threshold \S+ keeps 99% of the relevant documents and drops/),
    ])
  })

  test('has 30 queries with ten passages each, judged', async () => {
    const path = fileURLToPath(new URL('../../../src/cli/eval/sample.jsonl', import.meta.url))
    const queries = (await readFile(path, 'utf8'))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { documents: { text: string; relevance: number }[] })
    expect(queries.map(({ documents }) => documents.length)).toEqual(Array.from({ length: 30 }, () => 10))
    const documents = queries.flatMap((query) => query.documents)
    expect(new Set(documents.map(({ text }) => text)).size).toBe(300)
    expect(new Set(documents.map(({ relevance }) => relevance))).toEqual(new Set([0, 1, 2, 3]))
    expect(queries.every(({ documents }) => documents.some(({ relevance }) => relevance === 3))).toBe(true)
  })
})

test('a run that is written measures as the report says', async () => {
  const judged = await file('judged.jsonl', JUDGED)
  const output = join(command.dir, 'run.trec')
  const result = await run('--local', judged, '-o', output, '--measure', 'ndcg@3', '--json')
  expect(result.code).toBe(0)
  const qrels = readQrels('a 0 1 0\na 0 2 2\nb 0 1 1\n')
  const written = measureRun(readRun(await readFile(output, 'utf8')), qrels, { measures: ['ndcg@3'] })
  expect(systemsIn(result)[1]?.measures).toEqual(written.mean)
  expect(systemsIn(result).map(({ perQuery }) => perQuery['a']?.['ndcg@3']?.toFixed(2))).toEqual([
    '0.63',
    '1.00',
  ])
})

describe('a collection', () => {
  const CORPUS = lines(
    { _id: 'd1', title: 'Lyon', text: 'a city' },
    { _id: 'd2', title: 'Paris', text: 'capital of France' },
    { _id: 'unused', text: '' },
  )
  const BEFORE = 'q1 Q0 d1 1 2 bm25\nq1 Q0 d2 2 1 bm25\n'
  const graded = async (...args: string[]): Promise<(number | undefined)[]> => {
    const result = await run('--local', '--measure', 'mrr', '--json', ...args)
    return systemsIn(result).map(({ measures }) => measures['mrr'])
  }

  test('may be a BEIR folder', async () => {
    const corpus = await file('beir/corpus.jsonl', CORPUS)
    await file(
      'beir/queries.jsonl',
      lines({ _id: 'q1', text: 'capital of France' }, { _id: 'q2', text: 'x' }),
    )
    await file('beir/qrels/test.tsv', 'query-id\tcorpus-id\tscore\nq1\td2\t1\n')
    await file('beir/qrels/train.tsv', 'query-id\tcorpus-id\tscore\nq1\td1\t1\n')
    const before = await file('bm25.trec', BEFORE)
    const folder = join(corpus, '..')
    expect(await graded(folder, '--run', before)).toEqual([0.5, 1])
    expect(await graded(folder, '--run', before, '--qrels', join(folder, 'qrels/train.tsv'))).toEqual([
      1, 0.5,
    ])
    expect((await run(folder, '--local')).stderr).toContain(
      '--run is missing: reranking takes the candidates of a first stage',
    )
  })

  test('may be files of TREC with texts, in JSON Lines or with tabs', async () => {
    const queries = await file('queries.tsv', 'q1\tcapital of France\n')
    const lyon = await file('lyon.tsv', 'q1\tLyon\n')
    const corpus = await file('corpus.jsonl', CORPUS)
    const qrels = await file('qrels.txt', 'q1 0 d2 1\n')
    const before = await file('bm25.trec', BEFORE)
    expect(await graded('--qrels', qrels, '--run', before, '--queries', queries, '--corpus', corpus)).toEqual(
      [0.5, 1],
    )
    expect(
      await graded(
        '--qrels',
        qrels,
        '--run',
        before,
        '--queries',
        lyon,
        '--corpus',
        corpus,
        '--fields',
        'title',
      ),
    ).toEqual([0.5, 0.5])
  })

  test('has only the best reranked with --top', async () => {
    const documents = ['x', 'y', 'fruit'].map((text, place) => ({ text, relevance: place === 2 ? 1 : 0 }))
    const path = await file('top.jsonl', lines({ query: 'fruit', documents }))
    expect(await graded(path, '--top', '2')).toEqual([1 / 3, 1 / 3])
    expect(await graded(path, '--top', '3')).toEqual([1 / 3, 1])
  })

  test.each([
    ['not JSON', 'broken\n', 'bad.jsonl:1: the line is not JSON'],
    ['no object', '5\n', 'bad.jsonl:1: it must be a JSON object'],
    ['no query', lines('{}'), 'bad.jsonl:1: "query" must be a string'],
    ['no documents', lines({ query: 'q' }), 'bad.jsonl:1: "documents" must be an array'],
    [
      'no text',
      lines({ query: 'q', documents: [{ body: 'x' }] }),
      'bad.jsonl:1: documents[0] has no text in title, text: see --fields',
    ],
    [
      'a grade that is none',
      lines({ query: 'q', documents: [{ text: 'x', relevance: 'high' }] }),
      'documents[0]: "relevance" must be a number',
    ],
    [
      'an id twice',
      lines({ id: 1, query: 'q', documents: [] }, { id: '1', query: 'q', documents: [] }),
      'bad.jsonl:2: the id 1 is already used at',
    ],
    [
      'a document twice',
      lines({
        query: 'q',
        documents: [
          { id: 1, text: 'x' },
          { id: 1, text: 'y' },
        ],
      }),
      'bad.jsonl:1: two documents have the id 1',
    ],
    ['nothing', '\n', 'bad.jsonl has no query'],
    ['nothing judged', lines({ query: 'q', documents: ['x'] }), 'No query has a judged document'],
  ])('with %s says where', async (_, text, message) => {
    const path = await file('bad.jsonl', text)
    const { code, stdout, stderr } = await run('--local', path)
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toContain(message)
  })

  test('may be a JSON array, packed', async () => {
    const path = join(command.dir, 'judged.json.gz')
    const queries = JUDGED.trim().split('\n').join(',\n')
    await writeFile(path, gzipSync(`[${queries}]`))
    expect((await run('--local', path)).stdout).toContain('2 queries')
  })

  test('comes from standard input as well', async () => {
    const { code, stdout } = await command.run(['eval', '--local', '-'], { input: JUDGED })
    expect(code).toBe(0)
    expect(stdout).toContain('first stage of standard input')
  })
})

test.each([
  [[], 'eval takes one of'],
  [['--sample', 'x.jsonl', '--local'], 'eval takes one of'],
  [['a', 'b'], 'eval takes one of'],
  [['--qrels', 'x'], '--run is missing'],
  [['no-such-file'], "Can't read no-such-file: no such file or folder"],
  [[...QRELS, '--run', 'none.txt'], "Can't read none.txt"],
  [[...QRELS, ...RUN, ...RUN, ...RUN], '--run must be given once, or twice'],
  [[...QRELS, ...RUN, '--queries', 'x'], '--queries and --corpus must be given together'],
  [['--sample', '--local', '--resume'], '--resume needs --scores'],
  [['--sample', '--local', '--max-tokens', '5'], '--max-tokens needs --scores FILE'],
  [['--sample', '--local', '--model', 'm'], '--model has no effect with --local'],
  [['--sample', '--local', '--instruction', 'm'], '--instruction has no effect'],
  [['--sample', '--model', 'a', '--model', 'b', '-o', 'x'], '-o can write only one run'],
  [['--sample', '--local', '--html', 'no/such/folder.html'], 'there is no folder no/such'],
  [['--sample', '--local', '-o', '.'], 'it is a folder'],
  [['--sample', '--local', '--measure', 'x'], 'a measure must be one of'],
  [['--sample', '--local', '--fields', 'a,,b'], '--fields needs names'],
  [['--sample'], 'No API key'],
])('%j is a call of the wrong kind', async (args, message) => {
  const { code, stdout, stderr } = await run(...args)
  expect([code, stdout]).toEqual([2, ''])
  expect(stderr).toContain(message)
})

describe('what is written', () => {
  const paths = [
    ['j.jsonl', JUDGED],
    ['r.trec', 'a Q0 1 1 2 x\n'],
    ['mix/corpus.jsonl', lines({ _id: '1', text: 'x' })],
    ['mix/queries.jsonl', lines({ _id: 'a', text: 'x' })],
    ['mix/qrels/test.tsv', 'query-id\tcorpus-id\tscore\na\t1\t1\n'],
  ] as const
  const own = 'j.jsonl'
  const beir = ['mix', '--run', 'r.trec']

  test.each([
    [[own, '-o', own], / j\.jsonl is used twice: name different files$/m],
    [[own, '--html', './j.jsonl'], /\.\/j\.jsonl and j\.jsonl are the same file/],
    [[own, '--scores', own, '--resume'], / j\.jsonl is used twice/],
    [[own, '--html', 'linked.jsonl'], /linked\.jsonl and j\.jsonl are the same file/],
    [[...beir, '--html', 'mix/qrels/test.tsv'], /test\.tsv is used twice/],
    [[...beir, '--html', 'mix/corpus.jsonl'], /mix\/corpus\.jsonl is used twice/],
    [[...beir, '-o', 'r.trec'], / r\.trec is used twice/],
    [['--qrels', 'mix/qrels/test.tsv', '--run', 'r.trec', '--html', 'r.trec'], / r\.trec is used twice/],
    [['--sample', '--scores', 's', '--html', 's'], / s is used twice/],
    [['--sample', '--html', 'new', '-o', 'mix/../new'], /mix\/\.\.\/new and new are the same file/],
    [['--sample', '--html', 'missing', '-o', 'dangling'], /dangling and missing are the same file/],
  ])('is no input and no other output: %j', async (args, message) => {
    for (const [name, text] of paths) await file(name, text)
    for (const [target, name] of [
      [own, 'linked.jsonl'],
      ['missing', 'dangling'],
    ] as const) {
      await rm(join(command.dir, name), { force: true })
      await (name === 'dangling'
        ? symlink(target, join(command.dir, name))
        : link(join(command.dir, target), join(command.dir, name)))
    }
    const service = await serveFaults(() => well)
    const { code, stdout, stderr } = await command.run(['eval', '--base-url', service.url, ...args], {
      env: { NEBIUS_API_KEY: KEY },
    })
    expect([code, stdout, service.received.length]).toEqual([2, '', 0])
    expect(stderr).toMatch(message)
    for (const [name, text] of paths) expect(await readFile(join(command.dir, name), 'utf8')).toBe(text)
  })
})

describe('a service', () => {
  const env = { NEBIUS_API_KEY: KEY }

  test('is asked by each model and instruction', async () => {
    const service = await serveFaults(() => well)
    const judged = await file('judged.jsonl', JUDGED)
    const args = [
      '--model',
      'm1',
      '--model',
      'm2',
      '--instruction',
      '',
      '--instruction',
      'Find cities',
      '--price',
      '1000000',
    ]
    const result = await command.run(['eval', '--base-url', service.url, judged, '--json', ...args], { env })
    expect(systemsIn(result).map(({ name }) => name)).toEqual([
      'first stage of judged.jsonl',
      'm1',
      'm1, instructed “Find cities”',
      'm2',
      'm2, instructed “Find cities”',
    ])
    const asked = service.received.map(({ body }) => JSON.parse(body) as { model: string; query: string })
    expect(asked).toHaveLength(8)
    expect(asked.filter(({ query }) => query === '<Instruct>: Find cities\n<Query>: fruit')).toHaveLength(2)
    const [, first] = systemsIn(result)
    expect(first?.cost).toBe(first?.tokens)
  })

  test('that refuses the key ends it with 2', async () => {
    const service = await serveFaults(() => reply(401, '{"detail":"no"}'))
    const { code, stdout, stderr } = await command.run(['eval', '--base-url', service.url, '--sample'], {
      env,
    })
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toContain('401')
    expect(stderr).not.toContain(KEY)
  })

  test('that refuses one query leaves its order, and exits with 1', async () => {
    const service = await serveFaults(({ body }) =>
      body.includes('"fruit"') ? reply(400, '{"detail":"too long"}') : well,
    )
    const judged = await file('judged.jsonl', JUDGED)
    const args = ['eval', '--base-url', service.url, judged, '--price', '1']
    const { code, stdout } = await command.run(args, { env })
    expect(code).toBe(1)
    expect(stdout).toMatch(/ tokens, cost [\d.]+ in the price’s currency\n/)
    expect(stdout).toContain('1 failed and keep their order. The first is b: POST /v1/rerank returned 400')
  })

  test('goes on where a run ended, with the scores that were kept', async () => {
    const service = await serveFaults(({ body }) => (body.includes('"fruit"') ? reply(401, '{}') : well))
    const judged = await file('judged.jsonl', JUDGED)
    const scores = join(command.dir, 'resumed-scores.jsonl')
    const args = (url: string) => [
      'eval',
      '--base-url',
      url,
      judged,
      '--scores',
      scores,
      '--concurrency',
      '1',
      '--price',
      '1',
      '--json',
    ]
    const first = await command.run(args(service.url), { env })
    expect(first.stderr).toContain('. Continue with --resume when that is resolved')
    expect((await readFile(scores, 'utf8')).trim().split('\n')).toHaveLength(1)
    await writeFile(scores, `${await readFile(scores, 'utf8')}{"id":"cut`)

    const again = await command.run(args(service.url), { env })
    expect(again.stderr).toContain('is not empty: continue it with --resume, or remove it')

    const well2 = await serveFaults(() => well)
    const second = await command.run([...args(well2.url), '--resume'], { env })
    expect([second.code, well2.received.length]).toEqual([0, 1])
    const third = await command.run([...args(well2.url), '--resume'], { env })
    expect(well2.received).toHaveLength(1)
    expect(systemsIn(third)[1]?.measures).toEqual(systemsIn(second)[1]?.measures)
  })

  test('is left by a signal, and what was scored is kept', async () => {
    const service = await serveFaults([well, stall])
    const judged = await file('judged.jsonl', JUDGED)
    const scores = join(command.dir, 'stopped-scores.jsonl')
    const args = ['eval', '--base-url', service.url, judged, '--scores', scores, '--concurrency', '1']
    const arrivals = service.arrival().then(() => service.arrival())
    const running = command.start(args, env)
    await arrivals
    const ended = outcomeOf(running)
    running.kill('SIGINT')
    expect(await ended).toEqual({ code: 130, stdout: '', stderr: 'Stopped: continue with --resume\n' })
    expect((await readFile(scores, 'utf8')).trim().split('\n')).toHaveLength(1)
  })

  test('is asked for no more tokens than the budget', async () => {
    const service = await serveFaults(() => well)
    const scores = join(command.dir, 'budget-scores.jsonl')
    const args = ['eval', '--base-url', service.url, '--sample', '--scores', scores, '--max-tokens', '20']
    const { code, stdout, stderr } = await command.run(args, { env })
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toMatch(/exceeds the budget of 20 tokens\. Continue with --resume/)
  })

  test('is asked nothing but its prices by --dry-run', async () => {
    const service = await serveFaults(() =>
      reply(200, '{"data":[{"id":"m","pricing":{"prompt":"0.000001"}}]}'),
    )
    const args = ['eval', '--base-url', service.url, '--sample', '--dry-run', '--model', 'm', '--top', '5']
    const { code, stdout } = await command.run(args, { env })
    expect(code).toBe(0)
    expect(stdout).toMatch(
      /^jobs +30\ndocuments +150\npairs +150 .*\ntokens +about [\d,]+ .*\ntime +about 30 s .*\ncost +0\.00\d+ /,
    )
    expect(service.received.map(({ target }) => target)).toEqual(['/v1/models?verbose=true'])
    const { stdout: json } = await command.run([...args, '--json'], { env })
    expect(JSON.parse(json)).toMatchObject({ dryRun: [{ name: 'm', pairs: 150, minutes: 0.5 }] })
  })
})

describe('the HTML report', () => {
  const read = async (...args: string[]): Promise<string> => {
    const path = join(command.dir, 'report.html')
    expect((await run(...args, '--html', path)).code).toBe(0)
    return readFile(path, 'utf8')
  }

  test('loads nothing and runs nothing', async () => {
    const text = await read('--sample', '--local')
    expect(text).not.toMatch(/<script|<link|<img|<iframe|\bsrc=|@import|url\(|\bon\w+=/i)
    expect(text.match(/https?:/g)).toBeNull()
    expect(text).toContain("default-src 'none'")
  })

  test('leads from each extreme query to its rankings', async () => {
    const text = await read('--sample', '--local')
    const anchors = [...text.matchAll(/href="#([^"]+)"/g)].map(([, anchor]) => anchor)
    expect(new Set(anchors).size).toBe(20)
    expect(anchors.filter((anchor) => !text.includes(`id="${anchor}"`))).toEqual([])
    expect(text.match(/<path /g)).toHaveLength(2)
  })

  test('shows texts from outside as texts', async () => {
    const query = '<script>alert(1)</script> & "quotes"'
    const documents = [
      { text: '<img src=x onerror=alert(1)>', relevance: 0 },
      { text: 'script alert quotes', relevance: 1 },
    ]
    const path = await file('hostile.jsonl', lines({ id: '"><b>', query, documents }))
    const text = await read('--local', path)
    expect(text).toContain('&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;quotes&quot;')
    expect(text).not.toMatch(/<script|<img|<b>[^+−]/)
  })

  test('compares runs without texts', async () => {
    const other = await file('other.txt', 'q1 Q0 d106 1 2 x\n')
    const text = await read(...QRELS, ...RUN, '--run', other)
    expect(text).toContain('ndcg@10 is worse by')
    expect(text).not.toContain('<details>')
    expect(await read(...QRELS, ...RUN)).toContain('0.2290')
  })
})

test('shows its progress on a terminal', async () => {
  const { code, stdout } = await command.runInTerminal(90, ['eval', '--sample', '--local'])
  expect(code).toBe(0)
  expect(stdout).toContain('\u001B[')
  expect(stdout).toMatch(/ndcg@10 +0\.\d{4} +0\.\d{4}/)
})
