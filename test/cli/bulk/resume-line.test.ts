import { expect, test } from 'vitest'
import { resumeLine, retryLine } from '../../../src/cli/bulk/resume-line.ts'

const PATHS = { from: '-jobs.jsonl', to: 'out.jsonl' }

test.each([
  ['before a literal --', ['-o', 'out.jsonl', '--', '-jobs.jsonl'], '-o out.jsonl --resume -- -jobs.jsonl'],
  ['before a file of its name', ['-o', 'out.jsonl', '--', '--resume'], '-o out.jsonl --resume -- --resume'],
  ['once', ['--resume', 'a b', '-o', 'out.jsonl'], "--resume 'a b' -o out.jsonl"],
])('the flag is added %s', (_, args, words) => {
  expect(resumeLine(args, PATHS)).toBe(`To continue: nebius-rerank bulk ${words}`)
})

test('failed jobs are tried again by two flags', () => {
  expect(retryLine(['-o', 'out.jsonl', '--', '-jobs.jsonl'], PATHS)).toEqual([
    'To try failed jobs again: nebius-rerank bulk -o out.jsonl --resume --retry-failed -- -jobs.jsonl',
  ])
})
