import { describe, expect, test } from 'vitest'
import type { Job } from '../../../src/cli/bulk/jobs.ts'
import { jsonOutcomes } from '../../../src/cli/bulk/json-outcomes.ts'
import { createRecorder } from '../../../src/cli/bulk/record.ts'
import { UsageError } from '../../../src/cli/terminal.ts'
import {
  AuthenticationError,
  BadRequestError,
  NotFoundError,
  PermissionDeniedError,
  RerankConnectionError,
} from '../../../src/index.ts'
import { rejection } from '../../helpers/rerank.ts'

/** A recorder, what it writes down and what it says. */
function recording({ done = 0, failedBefore = 0 } = {}) {
  const written: object[] = []
  const said: string[] = []
  const tally = { ranked: 0, failed: 0, tokens: 0 }
  const output = {
    done: new Set(Array.from({ length: done }, (_, id) => `${id}`)),
    failedBefore,
    write: async (outcome: object) => void written.push(JSON.parse(jsonOutcomes.write(outcome)) as object),
  }
  const recorder = createRecorder(output, tally, (message) => void said.push(message))
  const job = (id: number): Job => ({
    id,
    query: 'q',
    documents: ['d'],
    topN: undefined,
    line: id,
    kept: undefined,
    shown: undefined,
  })
  return {
    written,
    said,
    tally,
    recorder,
    end: () => recorder.end(),
    fail: (id: number, error: Error) => recorder.record({ job: job(id), error }),
    rank: (id: number) =>
      recorder.record({ job: job(id), ranked: [{ item: 'd', index: 0, score: 0.5 }], usage: USAGE }),
    breakLine: (line: number, isUnreadable = true) =>
      recorder.recordBroken({ line, error: { kind: 'input', message: 'no JSON' }, isUnreadable }),
  }
}

const USAGE = { prompt_tokens: 3, total_tokens: 4 }
const refused = new PermissionDeniedError('Not allowed.', { attempts: 1, status: 403, requestId: 'r' })
const FACTS = { kind: 'permission', status: 403, request_id: 'r', message: 'Not allowed.' }

describe('a job', () => {
  test('that is ranked is written with what it took', async () => {
    const { rank, written, tally } = recording()
    await rank(1)
    expect(written).toEqual([{ id: 1, results: [{ index: 0, relevance_score: 0.5 }], usage: USAGE }])
    expect(tally).toEqual({ ranked: 1, failed: 0, tokens: 4 })
  })

  test('that is none is written at once, with its fault', async () => {
    const { fail, written, tally } = recording()
    await fail(1, new TypeError('no query'))
    expect(written).toEqual([{ id: 1, error: { kind: 'input', message: 'no query' } }])
    expect(tally.failed).toBe(1)
  })
})

test.each([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'CERT_HAS_EXPIRED',
  'INVALID_PURPOSE',
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'ERR_SSL_WRONG_VERSION_NUMBER',
])('a service that can’t be reached ends the run: %s', async (code) => {
  const { fail, written } = recording({ done: 5 })
  expect(await rejection(fail(1, new RerankConnectionError('No.', { attempts: 1, code })))).toBeInstanceOf(
    UsageError,
  )
  expect(written).toEqual([])
})

test('a model that does not exist ends the run', async () => {
  const { fail, rank } = recording()
  await rank(1)
  const body = { detail: 'The model `x` does not exist.' }
  expect(
    await rejection(fail(2, new NotFoundError('No.', { attempts: 1, status: 404, body }))),
  ).toBeInstanceOf(UsageError)
})

test('a connection that is reset may be one job’s own', async () => {
  const { fail, rank, written } = recording()
  await fail(1, new RerankConnectionError('Reset.', { attempts: 1, code: 'ECONNRESET' }))
  await rank(2)
  expect(written).toMatchObject([{ id: 1, error: { kind: 'connection' } }, { id: 2 }])
})

test('the first failure of each kind is told', async () => {
  const { fail, rank, said } = recording()
  for (const id of [1, 2])
    await fail(id, new BadRequestError('Too long.', { attempts: 1, status: 400, issues: [] }))
  await fail(3, refused)
  await rank(4)
  expect(said).toEqual(['job 1 (bad_request): Too long.', 'job 3 (permission): Not allowed.'])
})

describe('records that hold no job', () => {
  test('end the run when they are the first twenty, and are not written', async () => {
    const { breakLine, written } = recording()
    for (let line = 1; line < 20; line += 1) await breakLine(line, line % 2 === 0)
    expect(await rejection(breakLine(20))).toEqual(
      new UsageError(
        'The input has no valid job: line 1: no JSON. For its format, see nebius-rerank bulk --help',
      ),
    )
    expect(written).toEqual([])
  })

  test('are written once there is a job', async () => {
    const { breakLine, recorder, written } = recording()
    for (let line = 1; line < 20; line += 1) await breakLine(line)
    await recorder.sawJob()
    for (let line = 20; line < 60; line += 1) await breakLine(line)
    expect(written).toHaveLength(59)
  })

  test('end the run when they are all, and none could be read', async () => {
    const { breakLine, end } = recording()
    await breakLine(1)
    expect(await rejection(end())).toBeInstanceOf(UsageError)
  })

  test('are written at the end where one could be read', async () => {
    const { breakLine, end, written } = recording()
    await breakLine(1)
    await breakLine(2, false)
    await end()
    expect(written).toHaveLength(2)
  })

  test('are written at once where there is an output already', async () => {
    const { breakLine, written } = recording({ done: 1 })
    await breakLine(1)
    expect(written).toEqual([{ line: 1, error: { kind: 'input', message: 'no JSON' } }])
  })
})

test('what fails all ends the run at once, and says how to go on', async () => {
  const { fail, written } = recording()
  const cause = new AuthenticationError('A key that is wrong.', { attempts: 1, status: 401 })
  const reason = await rejection(fail(1, cause))
  expect(reason).toBeInstanceOf(UsageError)
  expect(reason).toMatchObject({
    message: 'A key that is wrong. Continue with --resume when that is resolved',
    cause,
  })
  expect(written).toEqual([])
})

describe('what may fail all', () => {
  test('ends the run when it is the tenth', async () => {
    const { fail, written } = recording()
    for (let id = 1; id < 10; id += 1) await fail(id, refused)
    expect(await rejection(fail(10, refused))).toBeInstanceOf(UsageError)
    expect(written).toEqual([])
  })

  test('is held back until one is ranked', async () => {
    const { fail, rank, written, tally } = recording()
    await fail(1, refused)
    await fail(2, new NotFoundError('Nothing', { attempts: 1, status: 404 }))
    expect(written).toEqual([])
    await rank(3)
    expect(written).toMatchObject([
      { id: 1, error: FACTS },
      { id: 2, error: { kind: 'not_found' } },
      { id: 3 },
    ])
    expect(tally.failed).toBe(2)
  })

  test.each([
    ['nothing was ranked, now or before', { done: 2, failedBefore: 2 }],
    ['there was nothing before', {}],
  ])('ends the run at its end where %s', async (_, before) => {
    const { fail, end, written } = recording(before)
    await fail(1, refused)
    expect(await rejection(end())).toBeInstanceOf(UsageError)
    expect(written).toEqual([])
  })

  test('fails its own job where one was ranked before the run', async () => {
    const { fail, end, written } = recording({ done: 2, failedBefore: 1 })
    await fail(1, refused)
    await end()
    expect(written).toEqual([{ id: 1, error: FACTS }])
  })

  test('fails its own job where one was ranked in the run', async () => {
    const { fail, rank, end, written } = recording()
    await rank(1)
    await fail(2, refused)
    await end()
    expect(written.slice(1)).toEqual([{ id: 2, error: FACTS }])
  })

  test('is nothing where there was none', async () => {
    const { end, written } = recording()
    await end()
    expect(written).toEqual([])
  })
})
