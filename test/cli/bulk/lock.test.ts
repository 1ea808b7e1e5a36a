import type * as FileSystem from 'node:fs/promises'
import { mkdir, mkdtemp, readdir, readFile, rm, unlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, describe, expect, test, vi } from 'vitest'
import { lockFile } from '../../../src/cli/bulk/lock.ts'
import { UsageError } from '../../../src/cli/terminal.ts'
import { rejection } from '../../helpers/rerank.ts'

/** What another process does just before a step of this one. */
const meanwhile = vi.hoisted((): { before?: 'link' | 'readFile' | 'rename'; act: () => Promise<void> } => ({
  act: async () => undefined,
}))

vi.mock('node:fs/promises', async (load: () => Promise<typeof FileSystem>) => {
  const real = await load()
  const interrupted =
    (name: 'link' | 'readFile' | 'rename') =>
    async (...args: unknown[]): Promise<unknown> => {
      if (meanwhile.before === name) {
        delete meanwhile.before
        await meanwhile.act()
      }
      return Reflect.apply(real[name], undefined, args) as unknown
    }
  return {
    ...real,
    link: interrupted('link'),
    readFile: interrupted('readFile'),
    rename: interrupted('rename'),
  }
})

let dir: string
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'nebius-rerank-lock-'))
  return () => rm(dir, { recursive: true })
})

const lock = (): Promise<() => void> => lockFile(join(dir, 'OUT'))
const own = `${process.pid}\n`

test('a lock stands beside its file, with the number of the process, until it is let go', async () => {
  const letGo = await lock()
  expect(await readdir(dir)).toEqual(['OUT.lock'])
  expect(await readFile(join(dir, 'OUT.lock'), 'utf8')).toBe(own)
  letGo()
  expect(await readdir(dir)).toEqual([])
})

test('a lock that another process has taken over is left to it', async () => {
  const letGo = await lock()
  await writeFile(join(dir, 'OUT.lock'), '1\n')
  letGo()
  expect(await readFile(join(dir, 'OUT.lock'), 'utf8')).toBe('1\n')
})

test('signals are listened to as long as it is held', async () => {
  const heard = (): number[] => [process.listenerCount('SIGINT'), process.listenerCount('SIGTERM')]
  const [int = 0, term = 0] = heard()
  const letGo = await lock()
  expect(heard()).toEqual([int + 1, term + 1])
  letGo()
  expect(heard()).toEqual([int, term])
})

describe('a lock that is there', () => {
  test.each([
    ['of a process that is no more', '99999999\n'],
    ['of a process of the same number, as each has it in a container', own],
    ['of nobody', 'nobody\n'],
    ['of no process', '0\n'],
    ['of a negative number', '-1\n'],
  ])('%s is taken over', async (_, text) => {
    await writeFile(join(dir, 'OUT.lock'), text)
    const letGo = await lock()
    expect(await readdir(dir)).toEqual(['OUT.lock'])
    expect(await readFile(join(dir, 'OUT.lock'), 'utf8')).toBe(own)
    letGo()
  })

  test.each([process.ppid, 1])('of a process that runs, %i, is kept, and told of', async (pid) => {
    await writeFile(join(dir, 'OUT.lock'), `${pid}\n`)
    const reason = await rejection(lock())
    expect(reason).toBeInstanceOf(UsageError)
    const path = join(dir, 'OUT')
    expect(reason).toHaveProperty(
      'message',
      `${path} is being written by process ${pid}: wait until that has ended (or, if it is something else, remove ${path}.lock)`,
    )
    expect(await readdir(dir)).toEqual(['OUT.lock'])
    expect(await readFile(join(dir, 'OUT.lock'), 'utf8')).toBe(`${pid}\n`)
  })
})

test('where no file can be, none is locked', async () => {
  expect(await rejection(lockFile(join(dir, 'missing/OUT')))).toHaveProperty('code', 'ENOENT')
})

describe('while a stale lock is taken over', () => {
  const held = (): string => join(dir, 'OUT.lock')
  const stale = '99999999\n'

  async function takenOver(before: 'readFile' | 'rename', act: () => Promise<void>): Promise<() => void> {
    await writeFile(held(), stale)
    Object.assign(meanwhile, { before, act })
    return lock()
  }

  test.each(['readFile', 'rename'] as const)('it may go, before %s', async (before) => {
    const letGo = await takenOver(before, () => unlink(held()))
    expect(await readdir(dir)).toEqual(['OUT.lock'])
    expect(await readFile(held(), 'utf8')).toBe(own)
    letGo()
  })

  test('another process may take it over, and has it then', async () => {
    const theirs = `${process.ppid}\n`
    const reason = await rejection(takenOver('rename', () => writeFile(held(), theirs)))
    expect(reason).toHaveProperty('message', expect.stringContaining(`by process ${process.ppid}`))
    expect(await readdir(dir)).toEqual(['OUT.lock'])
    expect(await readFile(held(), 'utf8')).toBe(theirs)
  })
})

describe('a lock that can’t be had is a failure:', () => {
  const failing = (code: string) => (): never => {
    throw Object.assign(new Error(code), { code })
  }

  test('that of a process that may not be asked', async () => {
    vi.spyOn(process, 'kill').mockImplementation(failing('EPERM'))
    await writeFile(join(dir, 'OUT.lock'), '1234\n')
    expect(await rejection(lock())).toBeInstanceOf(UsageError)
    vi.restoreAllMocks()
  })

  test('what is no file', async () => {
    await mkdir(join(dir, 'OUT.lock'))
    expect(await rejection(lock())).toHaveProperty('code', 'EISDIR')
    expect(await readdir(dir)).toEqual(['OUT.lock'])
  })

  test('where there are no links', async () => {
    Object.assign(meanwhile, { before: 'link', act: async () => failing('EPERM')() })
    expect(await rejection(lock())).toHaveProperty('code', 'EPERM')
    expect(await readdir(dir)).toEqual([])
  })
})
