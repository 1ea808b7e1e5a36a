import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { formatStaged } from '../../scripts/check/staged.ts'

let dir: string
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'nebius-rerank-staged-'))
  await git('init', '--quiet')
  await write('.prettierrc.json', '{ "semi": false }\n')
  await write('.prettierignore', 'ignored.ts\n')
})
afterEach(() => rm(dir, { recursive: true }))

test('a staged file is formatted, in the index and in the working tree', async () => {
  await write('a.ts', 'const a = 1;')
  await git('add', 'a.ts')
  expect(await formatStaged(dir)).toEqual(['a.ts'])
  expect(await git('show', ':a.ts')).toBe('const a = 1\n')
  expect(await read('a.ts')).toBe('const a = 1\n')
})

test('of a file that is staged in part, the rest stays as it is and unstaged', async () => {
  await write('a.ts', 'const a = 1;')
  await git('add', 'a.ts')
  await write('a.ts', 'const a = 1;\nconst b   = 2;')
  await formatStaged(dir)
  expect(await git('show', ':a.ts')).toBe('const a = 1\n')
  expect(await read('a.ts')).toBe('const a = 1;\nconst b   = 2;')
})

test('what is not staged, not for prettier, or ignored is left alone', async () => {
  const texts = { 'unstaged.ts': 'const a = 1;', 'a.txt': 'a;  b', 'ignored.ts': 'const a = 1;' }
  for (const [name, text] of Object.entries(texts)) await write(name, text)
  await git('add', 'a.txt', 'ignored.ts')
  expect(await formatStaged(dir)).toEqual([])
  for (const [name, text] of Object.entries(texts)) expect(await read(name)).toBe(text)
})

test('a file that is executable stays so, whatever its name', async () => {
  await write('-b c.ts', 'const a = 1;')
  await git('add', '--', '-b c.ts')
  await git('update-index', '--chmod=+x', '--', '-b c.ts')
  await formatStaged(dir)
  expect(await git('ls-files', '--stage')).toMatch(/^100755 /)
  expect(await git('show', ':-b c.ts')).toBe('const a = 1\n')
})

test('a file that can’t be parsed stops the commit, and changes nothing', async () => {
  await write('a.ts', 'const = ;')
  await git('add', 'a.ts')
  await expect(formatStaged(dir)).rejects.toMatchObject({ name: 'SyntaxError' })
  expect(await git('show', ':a.ts')).toBe('const = ;')
})

function git(...args: string[]): Promise<string> {
  return run('git', ...args)
}

async function run(file: string, ...args: string[]): Promise<string> {
  return (await promisify(execFile)(file, args, { cwd: dir })).stdout
}

const write = (name: string, text: string): Promise<void> => writeFile(join(dir, name), text)
const read = (name: string): Promise<string> => readFile(join(dir, name), 'utf8')
