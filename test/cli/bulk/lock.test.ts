import { execFile } from 'node:child_process'
import { mkdir, readdir, readFile, symlink, unlink, writeFile } from 'node:fs/promises'
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { lockFile, lockPath } from '../../../src/cli/bulk/lock.ts'
import type { Lock, LockOptions } from '../../../src/cli/bulk/lock.ts'
import { thisProcess } from '../../../src/cli/bulk/process-identity.ts'
import type { ProcessIdentity } from '../../../src/cli/bulk/process-identity.ts'
import { UsageError } from '../../../src/cli/terminal.ts'
import { temporaryFolder } from '../../helpers/folder.ts'
import { rejection } from '../../helpers/rerank.ts'

let dir: string
let path: string
beforeEach(async () => {
  dir = await temporaryFolder()
  path = `${dir}/OUT`
})

/** Fast enough for tests. */
const FAST = { beatMs: 10, deadAfterMs: 200 }

async function lock(options: LockOptions = FAST): Promise<Lock> {
  const held = await lockFile(path, options)
  onTestFinished(() => held.release())
  return held
}

/** What a lock of another process looks like. */
async function lockOf(other: Partial<ProcessIdentity> = {}): Promise<string> {
  return `${JSON.stringify({ lock: 'nebius-rerank', token: '0123456789abcdef', ...(await thisProcess()), ...other, beat: 7 })}\n`
}

const names = async (): Promise<string[]> => (await readdir(dir)).sort()

test('a lock stands beside its file, with who has it, until it is released', async () => {
  const held = await lock()
  expect(await names()).toEqual(['OUT.nebius-rerank.lock'])
  expect(JSON.parse(await readFile(lockPath(path), 'utf8'))).toMatchObject({
    lock: 'nebius-rerank',
    ...(await thisProcess()),
  })
  await held.release()
  expect(await names()).toEqual([])
})

test('a lock shows that its owner lives', async () => {
  await lock()
  const before = await readFile(lockPath(path), 'utf8')
  await expect.poll(() => readFile(lockPath(path), 'utf8')).not.toBe(before)
})

test('a lock that was removed by hand is put back', async () => {
  await lock()
  await unlink(lockPath(path))
  await expect.poll(names).toEqual(['OUT.nebius-rerank.lock'])
})

test('a lock that another has taken over is lost, and left to it', async () => {
  const held = await lock()
  const theirs = await lockOf({ pid: 77, host: 'elsewhere' })
  // Written until it is noticed, since a renewal of the lock may be under way.
  const taken = async (): Promise<unknown> => {
    await writeFile(lockPath(path), theirs)
    return rejection(held.check())
  }
  await expect.poll(taken, { timeout: 10_000 }).toMatchObject({
    message: expect.stringContaining('now being written by process 77 on elsewhere') as unknown,
  })
  await held.release()
  expect(await readFile(lockPath(path), 'utf8')).toBe(theirs)
})

describe('a lock that is there', () => {
  test.each([
    ['of a process that is no more', { pid: 99_999_999 }],
    ['of a process of that number that began at another time', { started: '1' }],
  ])('%s is taken over at once', async (_, other) => {
    await writeFile(lockPath(path), await lockOf(other))
    await writeFile(`${path}.0123456789abcdef.tmp`, 'half a copy')
    await lock({ onWait: () => expect.unreachable() })
    expect(await names()).toEqual(['OUT.nebius-rerank.lock'])
    expect(await readFile(lockPath(path), 'utf8')).not.toContain('0123456789abcdef')
  })

  test('of this process is kept, and told of', async () => {
    await lock()
    const reason = await rejection(lock())
    expect(reason).toBeInstanceOf(UsageError)
    expect((reason as Error).message).toMatch(
      new RegExp(
        `^${path} is being written by process ${process.pid} on .+: wait until it has ended \\(if that process is another program, remove ${lockPath(path)}\\)$`,
      ),
    )
    expect(await names()).toEqual(['OUT.nebius-rerank.lock'])
  })

  test.each([
    ['another machine', { host: 'elsewhere' }],
    ['another container', { namespace: 'pid:[1]' }],
    ['another start of the machine', { boot: 'before' }],
    ['a system that tells nothing', { boot: '', namespace: '', started: '' }],
  ])('of %s is taken over when it shows no sign of life', async (_, other) => {
    await writeFile(lockPath(path), await lockOf(other))
    const said: string[] = []
    await lock({ ...FAST, onWait: (message) => said.push(message) })
    expect(said).toEqual([
      expect.stringMatching(/ was locked by process \d+ on .+: checking for 1 s whether /),
    ])
    expect(await names()).toEqual(['OUT.nebius-rerank.lock'])
  })

  test('of another machine is kept when it shows a sign of life', async () => {
    const theirs = await lockOf({ host: 'elsewhere' })
    await writeFile(lockPath(path), theirs)
    const onWait = (): void => void writeFile(lockPath(path), theirs.replace('"beat":7', '"beat":8'))
    expect(await rejection(lock({ ...FAST, onWait }))).toBeInstanceOf(UsageError)
    expect(await readFile(lockPath(path), 'utf8')).toContain('"beat":8')
  })

  test.each(['', '{"lock":"nebius-r', '{"lock":"nebius-rerank","token":"01'])(
    'that was cut off by a crash is taken over: %j',
    async (text) => {
      await writeFile(lockPath(path), text)
      await lock()
      expect(await names()).toEqual(['OUT.nebius-rerank.lock'])
    },
  )

  test('that goes away meanwhile is no obstacle', async () => {
    await writeFile(lockPath(path), await lockOf({ host: 'elsewhere' }))
    await lock({ ...FAST, onWait: () => void unlink(lockPath(path)) })
    expect(await names()).toEqual(['OUT.nebius-rerank.lock'])
  })

  test('is waited for no longer than a signal allows', async () => {
    await writeFile(lockPath(path), await lockOf({ host: 'elsewhere' }))
    const controller = new AbortController()
    const onWait = (): void => controller.abort(new Error('enough'))
    expect(await rejection(lock({ ...FAST, onWait, signal: controller.signal }))).toEqual(new Error('enough'))
  })

  test('of several that would take it over goes to one', async () => {
    await writeFile(lockPath(path), await lockOf({ pid: 99_999_999 }))
    const results = await Promise.allSettled(Array.from({ length: 20 }, () => lock()))
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    expect(await names()).toEqual(['OUT.nebius-rerank.lock'])
  })
})

describe('what is no lock is left as it is', () => {
  const inTheWay = {
    message: expect.stringContaining('is not a lock file of this command') as unknown,
  }

  test.each(['1234\n', '{"lockfileVersion":3}', 'x'.repeat(20_000)])('a file', async (text) => {
    await writeFile(lockPath(path), text)
    expect(await rejection(lock())).toMatchObject(inTheWay)
    expect(await readFile(lockPath(path), 'utf8')).toBe(text)
  })

  test('a folder', async () => {
    await mkdir(lockPath(path))
    expect(await rejection(lock())).toMatchObject(inTheWay)
  })

  test('a link, and what it leads to', async () => {
    await writeFile(`${dir}/precious`, '')
    await symlink(`${dir}/precious`, lockPath(path))
    expect(await rejection(lock())).toMatchObject(inTheWay)
    expect(await names()).toEqual(['OUT.nebius-rerank.lock', 'precious'])
  })

  test('other files beside it', async () => {
    for (const name of ['OUT.lock', 'OUT.nebius-rerank', 'OUT.tmp']) await writeFile(`${dir}/${name}`, name)
    const held = await lock()
    await held.release()
    expect(await names()).toEqual(['OUT.lock', 'OUT.nebius-rerank', 'OUT.tmp'])
  })
})

test('where no file can be, none is locked', async () => {
  expect(await rejection(lockFile(`${dir}/missing/OUT`))).toHaveProperty('code', 'ENOENT')
})

test('a zombie is no owner', async () => {
  // A child that ends with its input, of a shell that has become a program which never asks how it ended.
  const script = `exec 3<&0; cat <&3 & echo $!; exec sleep 60`
  const shell = execFile('sh', ['-c', script])
  onTestFinished(() => void shell.kill())
  const pid = Number(await new Promise<string>((resolve) => shell.stdout?.once('data', resolve)))
  const stat = async (): Promise<string[]> =>
    (await readFile(`/proc/${pid}/stat`, 'utf8')).split(') ')[1]?.split(' ') ?? []
  const patience = { timeout: 20_000 }
  await expect.poll(() => readFile(`/proc/${shell.pid}/comm`, 'utf8'), patience).toBe('sleep\n')
  shell.stdin?.end()
  await expect.poll(async () => (await stat())[0], patience).toBe('Z')
  await writeFile(lockPath(path), await lockOf({ pid, started: (await stat())[19] ?? '' }))
  await lock({ onWait: () => expect.unreachable() })
})
