import { describe, expect, it } from 'vitest'
import {
  BUMPS,
  CLASSES,
  driftOf,
  rank,
  worst,
  type Change,
  type DriftClass,
} from '../../scripts/spec/drift.ts'

const OLD = { version: '1', sha256: 'a' }
const NEW = { version: '2', sha256: 'b' }
const change = (name: DriftClass, path: string): Change => ({
  class: name,
  source: 'wire',
  kind: 'kind',
  path,
  what: { subject: 'field' },
  pointer: '#',
})

describe('a drift', () => {
  it('is as bad as the worst of its changes, which stands first', () => {
    const changes = [
      change('docs', 'a'),
      change('breaking', 'b'),
      change('docs', 'c'),
      change('version', 'd'),
    ]
    expect(driftOf(OLD, NEW, changes)).toEqual({
      drift: 'breaking',
      bump: 'major',
      from: OLD,
      to: NEW,
      changes: [changes[1], changes[0], changes[2], changes[3]],
    })
    expect(changes[0]).toEqual(change('docs', 'a'))
  })

  it('of no change is none', () => {
    expect(driftOf(OLD, NEW, [])).toEqual({ drift: 'none', bump: 'none', from: OLD, to: NEW, changes: [] })
  })

  it.each<[DriftClass, string]>([
    ['version', 'patch'],
    ['docs', 'patch'],
    ['compatible', 'minor'],
    ['breaking', 'major'],
  ])('that is %s calls for %s', (name, bump) => {
    expect(driftOf(OLD, NEW, [change(name, 'a')]).bump).toBe(bump)
    expect(BUMPS[name]).toBe(bump)
  })
})

describe('classes', () => {
  it('are ranked from nothing to the worst', () => {
    expect(CLASSES.map(rank)).toEqual([0, 1, 2, 3, 4])
  })

  it.each<[readonly DriftClass[], DriftClass]>([
    [[], 'none'],
    [['docs', 'compatible', 'version'], 'compatible'],
    [['breaking', 'none'], 'breaking'],
  ])('%j have the worst %s', (classes, expected) => {
    expect(worst(classes)).toBe(expected)
  })
})
