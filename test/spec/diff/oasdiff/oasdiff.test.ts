import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { wireChanges, wireChangesOfAll } from '../../../../scripts/spec/diff/oasdiff/oasdiff.ts'
import { extractContract } from '../../../../scripts/spec/contract/index.ts'
import { valueAt } from '../../../../scripts/spec/lib/json.ts'
import { edited, SCHEMAS, TEXT, type Edit } from '../../../scripts/document.ts'
import { runDrift, upstreamFile } from '../../../scripts/drift-run.ts'
import { copyOfRepository } from '../../../scripts/repository.ts'

const PINNED = extractContract(edited())
const withEdits = (...edits: readonly Edit[]): typeof PINNED => extractContract(edited(...edits))
const SECONDS = 1_000

/** A program that stands in for oasdiff. */
function program(script: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'oasdiff-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const path = join(folder, 'oasdiff')
  writeFileSync(path, `#!${process.execPath}\n${script}\n`)
  chmodSync(path, 0o755)
  return path
}

describe('oasdiff', () => {
  it('says nothing of a contract that says the same', async () => {
    expect(await wireChanges(PINNED, withEdits(['/info/version', '2']))).toEqual([])
  })

  it('reports changes by its ids, at the operation', async () => {
    expect(await wireChanges(PINNED, withEdits([`${TEXT}/type`, ['string', 'null']]))).toEqual([
      {
        class: 'compatible',
        source: 'wire',
        id: 'response-property-became-nullable',
        text: expect.stringContaining('results/items/document/text') as unknown,
        pointer: '#/paths/~1v1~1rerank/post',
      },
    ])
  })

  it('tells of each of several pairs what changed there', async () => {
    const nullable = withEdits([`${TEXT}/type`, ['string', 'null']])
    const longer = withEdits([`${SCHEMAS}/RerankRequest/properties/query/maxLength`, 9])
    const changes = await wireChangesOfAll([
      [PINNED, nullable],
      [PINNED, PINNED],
      [PINNED, longer],
    ])
    expect(changes.map((found) => found.map(({ id }) => id))).toEqual([
      ['response-property-became-nullable'],
      [],
      ['request-property-max-length-set'],
    ])
  })

  it('sees through an inlined reference', async () => {
    const document = { anyOf: [{ $ref: '#/components/schemas/RerankDocument' }] }
    expect(
      await wireChanges(PINNED, withEdits([`${SCHEMAS}/RerankResult/properties/document`, document])),
    ).toEqual([])
  })

  it('is given documents without upstream’s words, and a command line without any of upstream’s text', async () => {
    const seen = join(mkdtempSync(join(tmpdir(), 'oasdiff-')), 'seen.json')
    const spy = program(`
      const { readFileSync, writeFileSync } = require('node:fs')
      const texts = ['before.json', 'after.json'].map((name) => readFileSync(name, 'utf8'))
      writeFileSync(${JSON.stringify(seen)}, JSON.stringify({ texts, args: process.argv.slice(2), env: process.env, cwd: process.cwd() }))
      process.exit(1)`)
    const evil = withEdits(['/info/version', '$(touch x)'], [`${TEXT}/description`, '$(touch x)'])
    await expect(wireChanges(PINNED, evil, { oasdiff: spy })).rejects.toThrow()
    const text = readFileSync(seen, 'utf8')
    rmSync(join(seen, '..'), { recursive: true })
    expect(text).not.toContain('touch')
    expect(text).toContain('--allow-external-refs=false')
    expect(JSON.parse(text)).toMatchObject({
      args: ['changelog', '--format', 'json', '--allow-external-refs=false', 'before.json', 'after.json'],
      env: {},
    })
    const cwd = valueAt(JSON.parse(text), 'cwd')
    expect(typeof cwd === 'string' && existsSync(cwd)).toBe(false)
    expect(cwd).toContain(tmpdir())
  })
})

describe('no comparison is no verdict: oasdiff', () => {
  it.each([
    ['fails', `console.error('no'); process.exit(102)`, /^oasdiff could not compare: no$/],
    ['fails silently', `process.exit(1)`, /^oasdiff could not compare: it ended with 1$/],
    [
      'is killed',
      `process.kill(process.pid, 'SIGKILL')`,
      /^oasdiff could not compare: it ended with SIGKILL$/,
    ],
    ['says nothing', ``, /^oasdiff could not compare: /],
    ['says it in prose', `console.log('no changes')`, /^oasdiff could not compare: /],
    ['answers with an object', `console.log('{}')`, /^oasdiff could not compare: its answer is not a list$/],
    [
      'finds something without a level',
      `console.log('[{"id":"a","text":"b"}]')`,
      /without id, text or level$/,
    ],
    [
      'finds something without an id',
      `console.log('[{"text":"b","level":1}]')`,
      /without id, text or level$/,
    ],
    ['finds something without a text', `console.log('[{"id":"a","level":1}]')`, /without id, text or level$/],
    [
      'breaks something else',
      `console.log('[{"id":"response-success-status-removed","text":"a","level":3,"path":"/v1/rerank"}]')`,
      /it compared nothing$/,
    ],
    ['finds null', `console.log('[null]')`, /something that is no change$/],
    ['compared nothing', `console.log('[]')`, /^oasdiff could not compare: it compared nothing$/],
    ['writes half a list', `console.log('[{"id":')`, /^oasdiff could not compare: /],
  ])('that %s', async (_, script, message) => {
    await expect(wireChanges(PINNED, PINNED, { oasdiff: program(script) })).rejects.toThrow(message)
  })

  it('that never ends', async () => {
    const oasdiff = program('setTimeout(() => undefined, 60_000)')
    await expect(wireChanges(PINNED, PINNED, { oasdiff, oasdiffTimeoutMs: 0.2 * SECONDS })).rejects.toThrow(
      'oasdiff could not compare: it took longer than 0.2 s',
    )
  })

  it('that is missing', async () => {
    await expect(wireChanges(PINNED, PINNED, { oasdiff: '/nowhere/oasdiff' })).rejects.toThrow(
      'oasdiff could not compare: oasdiff binary not found at /nowhere/oasdiff',
    )
  })

  it('that is no program', async () => {
    const oasdiff = program('')
    writeFileSync(oasdiff, 'not a program')
    chmodSync(oasdiff, 0o644)
    await expect(wireChanges(PINNED, PINNED, { oasdiff })).rejects.toThrow(/^oasdiff could not compare: /)
  })

  it('that fails makes the command exit with 2', async () => {
    const root = copyOfRepository()
    const outcome = await runDrift(root, ['--from', upstreamFile(root, edited())], { oasdiff: program('') })
    expect(outcome).toEqual({
      code: 2,
      printed: [],
      complaints: [expect.stringMatching(/^drift: oasdiff could not/)],
    })
  })
})

it('what is found is classed by the table, or by its level, and concerns us wherever it is', async () => {
  const oasdiff = program(`console.log(JSON.stringify([
    { id: 'response-success-status-removed', text: 'probe', level: 3, path: '/probe' },
    { id: 'response-property-min-length-decreased', text: 'sizes', level: 3, path: '/0/v1/rerank' },
    { id: 'new', text: 'known', level: 1, path: '/0/v1/rerank' },
    { id: 'new', text: 'elsewhere', level: 9, path: '/elsewhere' },
  ]))`)
  const changes = await wireChanges(PINNED, PINNED, { oasdiff })
  expect(changes.map(({ class: name, text }) => [name, text])).toEqual([
    ['compatible', 'sizes'],
    ['compatible', 'known'],
    ['breaking', 'elsewhere'],
  ])
})
