import { describe, expect, test } from 'vitest'
import { createRecorder } from '../../../src/cli/bulk/record.ts'
import { UsageError } from '../../../src/cli/terminal.ts'
import { AuthenticationError, NotFoundError, PermissionDeniedError } from '../../../src/index.ts'
import { rejection } from '../../helpers/rerank.ts'

/** A recorder, and what it writes down. */
function recording({ done = 0, failedBefore = 0 } = {}) {
  const written: object[] = []
  const tally = { ranked: 0, failed: 0, tokens: 0 }
  const nothing = async (): Promise<void> => undefined
  const output = {
    done: new Set(Array.from({ length: done }, (_, id) => `${id}`)),
    failedBefore,
    write: async (outcome: object) => void written.push(outcome),
    restore: nothing,
    close: nothing,
  }
  const recorder = createRecorder(output, tally)
  const job = (id: number) => ({ id, query: 'q', documents: ['d'], topN: undefined, line: id })
  return {
    written,
    tally,
    end: () => recorder.end(),
    fail: (id: number, error: Error) => recorder.record({ job: job(id), error }),
    rank: (id: number) =>
      recorder.record({ job: job(id), ranked: [{ item: 'd', index: 0, score: 0.5 }], usage: USAGE, ids: [] }),
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

test('what fails all ends the run at once, and says how to go on', async () => {
  const { fail, written } = recording()
  const cause = new AuthenticationError('A key that is wrong.', { attempts: 1, status: 401 })
  const reason = await rejection(fail(1, cause))
  expect(reason).toBeInstanceOf(UsageError)
  expect(reason).toMatchObject({
    message: 'A key that is wrong. Go on with --resume when that is settled',
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
