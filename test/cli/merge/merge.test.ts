import { readdir, readFile, writeFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Command } from '../../helpers/command.ts'
import { temporaryFolder } from '../../helpers/folder.ts'
import { loadCommand } from '../../helpers/loaded-command.ts'

let command: Command
beforeAll(async () => {
  command = await loadCommand()
})
afterAll(() => command.remove())

const ranked = (id: number): string => `{"id":${id},"results":[]}\n`
const failed = (id: number): string => `{"id":${id},"error":{}}\n`

async function merged(parts: Readonly<Record<string, string>>, flags: readonly string[] = []) {
  const dir = await temporaryFolder()
  for (const [name, text] of Object.entries(parts)) await writeFile(`${dir}/${name}`, text)
  const names = Object.keys(parts).filter((name) => name.startsWith('part'))
  const words = [...names.map((name) => `${dir}/${name}`), '-o', `${dir}/OUT`]
  const run = await command.run(['merge', ...words, ...flags.map((flag) => flag.replace('DIR', dir))])
  return { ...run, dir, out: await readFile(`${dir}/OUT`, 'utf8').catch(() => undefined) }
}

test('outputs of shards join to the output of the whole', async () => {
  const dir = await temporaryFolder()
  const jobs = Array.from({ length: 30 }, (_, id) => `{"id":"j${id}","query":"q","documents":["q"]}\n`)
  await writeFile(`${dir}/IN`, [...jobs, 'broken\n'].join(''))
  const parts = [1, 2, 3].map((place) => `${dir}/part-${place}`)
  for (const [place, part] of parts.entries()) {
    await command.run(['bulk', '--local', `${dir}/IN`, '-o', part, '--shard', `${place + 1}/3`])
    expect((await readFile(part, 'utf8')).split('\n').length).toBeGreaterThan(4)
  }
  const { code, stderr } = await command.run(['merge', ...parts, '-o', `${dir}/OUT`, '--input', `${dir}/IN`])
  expect({ code, stderr }).toEqual({ code: 1, stderr: '31 outcomes, 1 failed\n' })
  await command.run(['bulk', '--local', `${dir}/IN`, '-o', `${dir}/WHOLE`])
  const lines = async (name: string): Promise<string[]> =>
    (await readFile(`${dir}/${name}`, 'utf8')).split('\n').sort()
  expect(await lines('OUT')).toEqual(await lines('WHOLE'))
})

test.each(['0/3', '4/3', '1/0', '2', 'a/b'])('a shard that is none is a wrong call: %s', async (shard) => {
  const { code, stderr } = await command.run(['bulk', '--local', '-', '-o', '-', '--shard', shard])
  expect(code).toBe(2)
  expect(stderr).toContain('--shard must be a part and the number of parts, such as 2/5')
})

describe('what is joined', () => {
  test('has each id once: what is ranked, else the first', async () => {
    const { code, out, stderr } = await merged({
      part1: failed(1) + ranked(2) + failed(3),
      part2: ranked(1) + ranked(2) + failed(4) + '{"id":5,"resu',
    })
    expect(out).toBe(ranked(2) + failed(3) + ranked(1) + failed(4))
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: '4 outcomes, 2 failed\n1 duplicates, of which one is kept: 2\n',
    })
  })

  test('is held against the input', async () => {
    const input = [1, 2, 3].map((id) => `{"id":${id},"query":"q","documents":[]}\n`).join('')
    const { code, stderr } = await merged({ part1: ranked(1), part2: ranked(9), input }, [
      '--input',
      'DIR/input',
    ])
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr:
        '2 outcomes, 0 failed\n2 missing (rank them with bulk --resume, then merge again): 2, 3\n1 not in the input: 9\n',
    })
  })

  test('may be tables', async () => {
    const header = 'id,line,rank,of,index,relevance_score,tokens,error,message\n'
    const row = (id: string): string => `${id},,1,1,0,0.5,4,,\n`
    const { code, out } = await merged({ part1: header + row('a'), part2: header + row('b') })
    expect({ code, out }).toEqual({ code: 0, out: header + row('a') + row('b') })
  })
})

test.each([
  [
    'parts of two formats',
    { part1: ranked(1), part2: 'id,line,rank,of,index,relevance_score,tokens,error,message\n' },
    'differ in format or in columns',
  ],
  ['a file of another kind', { part1: 'text\n' }, 'part1:1 is not an outcome'],
  ['a missing part', {}, 'merge takes the outputs to join'],
  ['an output that is there', { part1: ranked(1), OUT: 'precious' }, 'OUT exists already'],
])('%s end it, and leave all as it is', async (_, parts, message) => {
  const { code, stderr, dir } = await merged(parts)
  expect(code).toBe(2)
  expect(stderr).toContain(message)
  expect((await readdir(dir)).sort()).toEqual(Object.keys(parts).sort())
})
