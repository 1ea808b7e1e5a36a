import { link, readdir, readFile, stat, symlink, unlink, writeFile } from 'node:fs/promises'
import { beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import { jsonOutcomes } from '../../../src/cli/bulk/json-outcomes.ts'
import type { OutcomeFormat } from '../../../src/cli/bulk/outcome.ts'
import { closeOutputFile, openOutputFile } from '../../../src/cli/bulk/output-file.ts'
import type { OutputFile } from '../../../src/cli/bulk/output-file.ts'
import { outputToFile, outputToStream } from '../../../src/cli/bulk/output.ts'
import type { Output, Resumption } from '../../../src/cli/bulk/output.ts'
import { tableOutcomes } from '../../../src/cli/bulk/table-outcomes.ts'
import { UsageError } from '../../../src/cli/terminal.ts'
import { temporaryFolder } from '../../helpers/folder.ts'
import { rejection } from '../../helpers/rerank.ts'
import { broken, shellOf } from '../../helpers/shell.ts'

const RESUMED = { resume: true, retryFailed: false }
const RETRIED = { resume: true, retryFailed: true }
const DONE = '{"id":1,"results":[]}\n'
const FAILED = '{"id":2,"error":{}}\n'
const LOCK = 'OUT.nebius-rerank.lock'
const CSV = tableOutcomes({ delimiter: ',', kept: ['lang', 'line'], document: ['text'] })
const HEADER = 'id,line,rank,of,index,relevance_score,tokens,error,message,lang,job_line,document.text\n'

let dir: string
let path: string
beforeEach(async () => {
  dir = await temporaryFolder()
  path = `${dir}/OUT`
})

type Opened = Output & { file: OutputFile; close: (isWanted?: boolean) => Promise<void> }

async function open(
  how: Partial<Resumption> = {},
  where = path,
  format: OutcomeFormat = jsonOutcomes,
): Promise<Opened> {
  const file = await openOutputFile(where, { resume: how.resume ?? false })
  const close = (isWanted = true): Promise<void> => closeOutputFile(file, isWanted)
  try {
    const output = await outputToFile(file, format, { resume: false, retryFailed: false, ...how })
    return { ...output, file, close }
  } catch (error) {
    await close(false)
    throw error
  }
}

const error = { kind: 'input', message: 'no' } as const
const names = async (): Promise<string[]> => (await readdir(dir)).sort()
const textOf = (name = path): Promise<string> => readFile(name, 'utf8')

describe('an output', () => {
  test('is locked until it is closed', async () => {
    const output = await open()
    expect(await names()).toEqual(['OUT', LOCK])
    await output.write({ id: 1, error })
    await output.close()
    expect(await names()).toEqual(['OUT'])
    expect(await textOf()).toBe('{"id":1,"error":{"kind":"input","message":"no"}}\n')
  })

  test.each([
    ['is removed where it was not there and got nothing', false, []],
    ['stays where the run is complete', true, ['OUT']],
  ])('%s', async (_, isWanted, left) => {
    await (await open()).close(isWanted)
    expect(await names()).toEqual(left)
  })

  test('that was there and is empty stays', async () => {
    await writeFile(path, '')
    await (await open()).close(false)
    expect(await names()).toEqual(['OUT'])
  })

  test('that can not be gone on with is let go', async () => {
    await writeFile(path, 'text\n')
    expect(await rejection(open())).toHaveProperty(
      'message',
      `${path} is not empty: continue it with --resume, or remove it`,
    )
    expect(await names()).toEqual(['OUT'])
  })

  test.each([
    ['a missing folder', 'missing/OUT', 'there is no folder .*/missing'],
    ['a link in a circle', 'circle', 'too many symbolic links encountered'],
    ['a link to nowhere', 'astray', 'no such file'],
  ])('that can not be had says why: %s', async (_, name, reason) => {
    await symlink('missing/OUT', `${dir}/astray`)
    await symlink('circle', `${dir}/circle`)
    expect(await rejection(open({}, `${dir}/${name}`))).toMatchObject({
      message: expect.stringMatching(new RegExp(`^Can't write .*/${name}: ${reason}$`)) as unknown,
    })
    expect(await names()).toEqual(['astray', 'circle'])
  })

  test('is created where a link leads, though nothing is there yet', async () => {
    await symlink('target', path)
    const output = await open()
    await output.write({ id: 1, error })
    await output.close()
    expect(await names()).toEqual(['OUT', 'target'])
    expect(await textOf(`${dir}/target`)).not.toBe('')
  })

  test('of two names is refused, since each has a lock of its own', async () => {
    await writeFile(path, DONE)
    await link(path, `${dir}/OTHER`)
    expect(await rejection(open(RESUMED))).toMatchObject({
      message: expect.stringContaining('has 2 names (hard links)') as unknown,
    })
    expect(await names()).toEqual(['OTHER', 'OUT'])
  })

  test('of no file is not locked, and not resumed', async () => {
    const output = await open({}, '/dev/null')
    expect(await readdir('/dev')).not.toContain('null.nebius-rerank.lock')
    await output.close()
    expect(await rejection(open(RESUMED, '/dev/null'))).toHaveProperty(
      'message',
      '--resume needs an output file, and /dev/null is not a file',
    )
  })
})

describe('what can’t be written', () => {
  test('is told of a device, which can’t be gone on with', async () => {
    const output = await open({}, '/dev/full')
    onTestFinished(() => output.close())
    const reason = await rejection(output.write({ id: 1, error }))
    expect(reason).toBeInstanceOf(UsageError)
    expect((reason as Error).message).toBe("Can't write /dev/full: no space left on device. Jobs remain")
  })

  test('is told of standard output', async () => {
    const output = outputToStream(shellOf({ stdout: broken('ENOSPC') }).stdout, jsonOutcomes)
    expect(await rejection(output.write({ id: 1, error }))).toHaveProperty(
      'message',
      `Can't write standard output: ENOSPC: no. Jobs remain`,
    )
  })

  test('leaves no half line', async () => {
    const output = await open()
    onTestFinished(() => output.close())
    await output.write({ id: 1, error })
    const whole = await textOf()
    const { handle } = output.file
    vi.spyOn(handle, 'appendFile').mockImplementation(async (text) => {
      await handle.write(String(text).slice(0, 10))
      throw Object.assign(new Error('ENOSPC: no'), { code: 'ENOSPC' })
    })
    expect(await rejection(output.write({ id: 2, error }))).toBeInstanceOf(UsageError)
    expect(await textOf()).toBe(whole)
  })

  test.each([
    [
      'that somebody else writes',
      () => writeFile(path, 'theirs\n', { flag: 'a' }),
      'is being written by another program',
    ],
    ['that was removed', () => unlink(path), 'was removed during the run'],
    [
      'whose lock another has',
      () => writeFile(`${path}.nebius-rerank.lock`, THEIRS),
      'is now being written by process 1 on elsewhere',
    ],
  ])('ends the run: an output %s', async (_, act, message) => {
    const output = await open()
    onTestFinished(() => output.close())
    await output.write({ id: 1, error })
    await act()
    vi.spyOn(performance, 'now').mockReturnValue(performance.now() + 3_600_000)
    expect(await rejection(output.write({ id: 2, error }))).toMatchObject({
      message: expect.stringContaining(message) as unknown,
    })
  })

  const THEIRS = JSON.stringify({ lock: 'nebius-rerank', token: 'theirs', pid: 1, host: 'elsewhere' })

  test('does not keep errors from being put back', async () => {
    await writeFile(path, `${FAILED}${DONE}`)
    const output = await open(RETRIED)
    onTestFinished(() => output.close())
    vi.spyOn(output.file.handle, 'appendFile').mockRejectedValueOnce(new Error('full'))
    await rejection(output.write({ id: 3, error }))
    await output.restore()
    expect(await textOf()).toBe(`${DONE}${FAILED}`)
  })
})

describe('what was there before', () => {
  test('is known by its keys', async () => {
    await writeFile(path, `${DONE}${FAILED}{"line":3,"error":{}}\n`)
    const output = await open(RESUMED)
    expect([...output.done]).toEqual(['1', '2', 'line 3'])
    expect(output.failedBefore).toBe(2)
    await output.close()
  })

  test.each(['{', '{"i', '{"id":', '{"id":7,"resu', '{"line":7,"err', '{"l', '{"id":3,"results":[]}'])(
    'may end with what was cut off: %s',
    async (rest) => {
      await writeFile(path, DONE + rest)
      await (await open(RESUMED)).close()
      expect(await textOf()).toBe(DONE)
    },
  )

  test.each(['text', '{"ix', '{"lime":', '{}', '{"id":5}', 'null', '5', '"id"', '{"results":[]}', '[]'])(
    'is left as it is where its end is another’s: %s',
    async (rest) => {
      await writeFile(path, DONE + rest)
      expect(await rejection(open(RESUMED))).toHaveProperty(
        'message',
        `${path}:2 is not an outcome of nebius-rerank bulk`,
      )
      expect(await textOf()).toBe(DONE + rest)
      expect(await names()).toEqual(['OUT'])
    },
  )

  test('is put back where it failed, and was not tried again', async () => {
    await writeFile(path, `${FAILED}${DONE}{"id":3,"error":{}}\n{"id":4,"error":{}}\n`)
    const output = await open(RETRIED)
    expect([...output.done]).toEqual(['1'])
    await output.write({ id: 3, results: [] })
    await output.restore()
    await output.close()
    expect(await textOf()).toBe(`${DONE}{"id":3,"results":[]}\n${FAILED}{"id":4,"error":{}}\n`)
    expect(await names()).toEqual(['OUT'])
  })

  test('is copied under a name that nobody else has, and as private as it was', async () => {
    await writeFile(path, `${FAILED}${DONE}`, { mode: 0o600 })
    for (const name of ['OUT.tmp', 'OUT.nebius-rerank', 'OUT.lock'])
      await symlink('/dev/null', `${dir}/${name}`)
    await (await open(RETRIED)).close()
    expect(await textOf()).toBe(DONE)
    expect((await stat(path)).mode & 0o777).toBe(0o600)
    expect(await names()).toEqual(['OUT', 'OUT.lock', 'OUT.nebius-rerank', 'OUT.tmp'])
  })
})

describe('a table', () => {
  const kept = new Map([
    ['lang', '"en"'],
    ['line', '7'],
  ])
  const document = new Map([['text', '"a, \\"b\\"\\r\\nc"']])
  const ranked = {
    id: 'x, "y"',
    kept,
    results: [1, 0].map((index) => ({ index, relevance_score: 0.5, document })),
    usage: { prompt_tokens: 3, total_tokens: 4 },
  }
  const ROWS =
    '"x, ""y""",,1,2,1,0.5,4,,,en,7,"a, ""b""\r\nc"\n"x, ""y""",,2,2,0,0.5,,,,en,7,"a, ""b""\r\nc"\n'
  const FAILED_ROW = '2,,0,0,,,,input,no,,,\n'

  test('has a header, and a row for each result or failure', async () => {
    const output = await open({}, path, CSV)
    await output.write(ranked)
    await output.write({ id: 2, error })
    await output.write({ id: 3, results: [], usage: { prompt_tokens: 0, total_tokens: 0 } })
    await output.write({ line: 9, error })
    await output.close()
    expect(await textOf()).toBe(`${HEADER}${ROWS}${FAILED_ROW}3,,0,0,,,0,,,,,\n,9,0,0,,,,input,no,,,\n`)
  })

  test('without outcomes has its header', async () => {
    const output = await open({}, path, CSV)
    await output.complete()
    await output.close()
    expect(await textOf()).toBe(HEADER)
  })

  test('is gone on with', async () => {
    await writeFile(path, `${HEADER}${ROWS}${FAILED_ROW},9,0,0,,,,input,no,,,\n`)
    const output = await open(RESUMED, path, CSV)
    expect([...output.done]).toEqual(['id x, "y"', 'id 2', 'line 9'])
    expect(output.failedBefore).toBe(2)
    await output.close()
  })

  test('that was cut off at any place ends with its last whole job', async () => {
    const whole = `${HEADER}${FAILED_ROW}`
    for (let cut = 0; cut < ROWS.length; cut += 1) {
      await writeFile(path, whole + ROWS.slice(0, cut))
      await (await open(RESUMED, path, CSV)).close()
      expect(await textOf()).toBe(whole)
    }
    for (let cut = 1; cut < HEADER.length; cut += 1) {
      await writeFile(path, HEADER.slice(0, cut))
      await (await open(RESUMED, path, CSV)).close()
      expect(await textOf()).toBe('')
    }
  })

  test('is tried again without its errors', async () => {
    await writeFile(path, `${HEADER}${FAILED_ROW}${ROWS}`)
    const output = await open(RETRIED, path, CSV)
    expect(await textOf()).toBe(HEADER + ROWS)
    await output.restore()
    await output.close()
    expect(await textOf()).toBe(HEADER + ROWS + FAILED_ROW)
  })

  test.each([
    [
      'other columns',
      'id,line\n',
      /has different columns from those that this run would write: id,line,rank/,
    ],
    ['another kind', 'text', /has different columns/],
    ['rows of another kind', `${HEADER}1,2\n`, /OUT:2 is not an outcome/],
    ['rows out of order', `${HEADER}1,,2,2,0,1,,,,,,\n`, /OUT:2 is not an outcome/],
  ])('is left as it is where it has %s', async (_, text, message) => {
    await writeFile(path, text)
    expect((await rejection(open(RESUMED, path, CSV))) as Error).toMatchObject({
      message: expect.stringMatching(message) as unknown,
    })
    expect(await textOf()).toBe(text)
  })
})
