// oasdiff as an oracle: what it calls a break and we do not is listed here, with the reason.

import { expect, it } from 'vitest'
import { extractContract } from '../../../scripts/spec/contract/index.ts'
import { compareContracts } from '../../../scripts/spec/diff/index.ts'
import { CASES } from '../../fixtures/drift/cases.ts'
import { REPORTED } from '../../fixtures/drift/reported.ts'
import { edited } from '../../scripts/document.ts'
import { findingsOf } from './oasdiff.ts'

/** Findings of oasdiff that break nobody, by id: why, and in which cases of the corpus. */
const HARMLESS: Readonly<Record<string, { why: string; cases: readonly string[] } | undefined>> = {
  'request-parameter-default-value-added': {
    why: 'who leaves it out was promised nothing before.',
    cases: ['a default of a parameter is told'],
  },
  'request-property-all-of-added': {
    why: 'it compares parts as they are written, not what they say together.',
    cases: ['allOf whose child repeats a field: the same in requests'],
  },
  'request-property-all-of-removed': {
    why: 'it compares parts as they are written, not what they say together.',
    cases: ['service_tier may be null'],
  },
  'request-property-any-of-removed': {
    why: 'it compares branches as they are written, not what the others let through.',
    cases: [
      'anyOf within anyOf',
      'oneOf of values that exclude each other',
      'oneOf of text and of objects that name themselves',
      'a discriminator of requests where each alternative names its text',
      'anything where requests had text or null',
      'an alternative that another one covers goes',
    ],
  },
  'request-property-became-enum': {
    why: 'both booleans are all booleans.',
    cases: ['small false alarms: enum of both booleans'],
  },
  'request-property-enum-value-removed': {
    why: 'it takes a list that becomes any text for one that shrank.',
    cases: [
      'any text where requests had an enum',
      'one of the values that requests list beside any text is gone',
    ],
  },
  'request-property-exclusive-max-set': {
    why: 'below 11 is 10 at most.',
    cases: ['less than 11 for at most 10'],
  },
  'request-property-list-of-types-narrowed': {
    why: 'it compares the list as it is written beside an anyOf that says the same.',
    cases: [
      'anyOf with null as a list of types',
      'anyOf with null as nullable',
      'a keyword beside a choice, or inside its branches: type list beside anyOf with null',
    ],
  },
  'request-property-max-set': {
    why: 'a maximum says nothing about text.',
    cases: ['a keyword of another type'],
  },
  'request-property-min-set': {
    why: 'a bound that another one makes moot, or that took its place.',
    cases: [
      'a limit that a tighter one makes moot',
      'at least 0 for more than 0',
      'at least -1 for more than 0',
    ],
  },
  'request-property-one-of-removed': {
    why: 'it compares branches as they are written, not what they let through.',
    cases: ['a new optional field in each alternative'],
  },
  'request-property-removed': {
    why: 'the field went into a part of allOf, or into anything.',
    cases: [
      'allOf whose child repeats a field: the same in requests',
      'small false alarms: an object becomes anything (requests)',
    ],
  },
  'request-property-type-changed': {
    why: 'it compares how a type is written: with allOf, anyOf, a list of values, a format that bounds nothing.',
    cases: [
      'the type of listed integers',
      'documents may be objects',
      'objects that a discriminator tells apart, beside text',
      'one of several objects that name themselves, beside text',
      'a format is lifted',
      'a keyword beside a choice, or inside its branches: objects',
      'formats of numbers: float, requests',
      'formats of numbers: int64, requests',
      'allOf whose child repeats a field: the same in requests',
      'small false alarms: an object becomes anything (requests)',
    ],
  },
  'response-optional-property-removed': {
    why: 'the field went into a part of allOf.',
    cases: [
      'allOf whose child repeats a field: a plain object becomes base + child, the child says what x is (answers)',
    ],
  },
  'response-property-const-removed': {
    why: 'a list of one value says what the constant said.',
    cases: ['const as an enum of one'],
  },
  'response-property-enum-value-added': {
    why: 'it takes a list that says less than any text, or the same as before, for one that grew.',
    cases: [
      'values as one list',
      'const as an enum of one',
      'any text of answers becomes an enum',
      'any number of answers becomes an enum',
      'another value that answers list beside any text',
    ],
  },
  'response-property-list-of-types-widened': {
    why: 'it does not know that every integer is a number.',
    cases: ['integers beside numbers'],
  },
  'response-property-type-changed': {
    why: 'it compares how a type is written: by reference, with allOf, anyOf, a list of values.',
    cases: [
      'values as one list',
      'an inlined schema',
      'allOf of one as a reference',
      'allOf of two as one',
      'allOf of one inlined without its words',
      'allOf whose child repeats a field: a plain object becomes base + child, the child says what x is (answers)',
    ],
  },
}

/** The level from which oasdiff speaks of a break. */
const WARNING = 2

it('knows of no break that we do not know of', { timeout: 180_000 }, async () => {
  const cases = [...CASES, ...REPORTED].filter((one) => one.class !== 'breaking')
  const pairs = cases.map(({ given, edits }) => {
    const [before, after] = [given, [...given, ...edits]].map((all) =>
      extractContract(edited(...structuredClone(all))),
    )
    if (!before || !after) throw new Error('there are two contracts')
    return [before, after] as const
  })
  const findings = await findingsOf(pairs)
  expect(findings.flat().length).toBeGreaterThan(50)
  const unknown: string[] = []
  for (const [index, found] of findings.entries()) {
    const name = cases[index]?.name ?? ''
    const breaks = found
      .filter(({ id, level }) => level >= WARNING && HARMLESS[id]?.cases.includes(name) !== true)
      .map(({ id }) => id)
    const [before, after] = pairs[index] ?? []
    if (breaks.length === 0 || !before || !after) continue
    const { drift } = await compareContracts(before, after)
    if (drift !== 'breaking') unknown.push(`${name}: ${breaks.join(', ')}`)
  }
  expect(unknown).toEqual([])
})
