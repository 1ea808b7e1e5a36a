import { describe, expect, test } from 'vitest'
import { formatRun, readQrels, readRun } from '../../src/eval/index.ts'

describe('judgments', () => {
  test('have four columns, or three, with a header or without', () => {
    const expected = new Map([
      [
        'q1',
        new Map([
          ['d1', 2],
          ['d2', -1],
        ]),
      ],
    ])
    expect(readQrels('q1 0 d1 2\r\n\nq1\t0\td2\t-1\n')).toEqual(expected)
    expect(readQrels('\uFEFFquery-id\tcorpus-id\tscore\nq1\td1\t2\nq1\td2\t-1')).toEqual(expected)
  })

  test.each([
    ['q1 0 d1', 'Q:1 must have a query, an iteration, a document and a grade'],
    ['q1 0 d1 1\nq1 0 d2 much', 'Q:2 must have'],
    ['q1 0 d1 0.5', 'Q:1 must have'],
    ['q1 0 d1 1 x', 'Q:1 must have'],
    ['q1 0 d1 1\nq2 0 d1 1\nq1 0 d1 0', 'Q:3 has document d1 of query q1 for the second time'],
  ])('%j are none', (text, message) => {
    expect(() => readQrels(text, 'Q')).toThrow(message)
  })
})

describe('runs', () => {
  test('have six columns, of which the rank is not used', () => {
    expect(readRun('q1 Q0 d1 9 1e-3 tag\nq1 Q0 d2 1 -4.5 tag more\n')).toEqual(
      new Map([
        [
          'q1',
          new Map([
            ['d1', 0.001],
            ['d2', -4.5],
          ]),
        ],
      ]),
    )
  })

  test.each([
    ['q1 Q0 d1 1 0.5', 'run:1 must have a query, Q0, a document, a rank, a score and a tag'],
    ['q1 Q0 d1 1 high tag', 'run:1 must have'],
    ['q1 Q0 d1 1 Infinity tag', 'run:1 must have'],
    ['q1 Q0 d1 1 2 t\nq1 Q0 d1 2 1 t', 'run:2 has document d1 of query q1 for the second time'],
  ])('%j are none', (text, message) => {
    expect(() => readRun(text)).toThrow(message)
  })

  test('are written best first, and read as they were', () => {
    const run = new Map([
      [
        'q1',
        new Map([
          ['d1', 0.1],
          ['d2', 0.30000000000000004],
        ]),
      ],
    ])
    expect(formatRun(run, 'my run')).toBe('q1 Q0 d2 1 0.30000000000000004 my_run\nq1 Q0 d1 2 0.1 my_run\n')
    expect(readRun(formatRun(run, ''))).toEqual(run)
  })

  test('can’t hold an id with a blank', () => {
    expect(() => formatRun(new Map([['q 1', new Map([['d', 1]])]]), 't')).toThrow(
      'ids in a TREC run must not be empty or contain blanks, got "q 1"',
    )
  })
})

test('names of what every object has are ids like others', () => {
  const qrels = readQrels('__proto__ 0 constructor 1')
  expect(qrels.get('__proto__')?.get('constructor')).toBe(1)
})
