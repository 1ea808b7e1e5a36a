import { lstat, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { GOOD, folderWith, outcomesIn } from '../../helpers/bulk-files.ts'
import type { Command } from '../../helpers/command.ts'
import { reply, serveFaults, well } from '../../helpers/fault-server.ts'
import { loadCommand } from '../../helpers/loaded-command.ts'
import { KEY } from '../../helpers/rerank.ts'

let command: Command
beforeAll(async () => {
  command = await loadCommand()
})
afterAll(() => command.remove())

describe('--resume', () => {
  test('does what is left, and keeps what is there', async () => {
    const { input, output } = await folderWith([...GOOD, 'broken'])
    await writeFile(output, '{"id":"a","results":[],"usage":{}}\n{"line":3,"error":{"message":"m"}}\n')
    const { code, stderr } = await command.run(['bulk', '--local', input, '-o', output, '--resume'])
    expect(code).toBe(1)
    expect(stderr).toMatch(
      /^1 job, 2 already done \(1 failed\), .*\nTo try failed jobs again: .* --resume --retry-failed\n$/,
    )
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
    expect(stderr).toMatch(
      /\n3 jobs, 2 failed, 1 already done, .*\nTo try failed jobs again: .* --resume --retry-failed\n$/,
    )
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
})
