// How a keyword's value moved: what it lets through now, against before.

import { show, showAll } from '../changes.ts'
import type { Reading } from './verdicts.ts'

/** A move of a keyword, and its words. */
export interface Shift {
  readonly tighter: boolean
  readonly looser: boolean
  readonly text: string
}

/** Readings of values; the others hold schemas. */
export type ValueReading = Extract<Reading, 'types' | 'values' | 'ceiling' | 'floor' | 'divisor' | 'presence'>

/** The move of a keyword between two different values, of which one may be undefined. */
export function shiftOf(reading: ValueReading, keyword: string, before: unknown, after: unknown): Shift {
  return SHIFTS[reading](keyword, before, after)
}

/** A keyword that came or went. */
export function cameOrWent(keyword: string, came: boolean, value?: unknown): Shift {
  const shown = value === undefined ? '' : ` (${show(value)})`
  const text = `${keyword} ${came ? 'is new' : 'is gone'}${shown}`
  return { tighter: came, looser: !came, text }
}

type Compare = (keyword: string, before: unknown, after: unknown) => Shift

const SHIFTS: Readonly<Record<ValueReading, Compare>> = {
  presence: whole((keyword, before, after) => both(moved(keyword, before, after))),
  types: whole((keyword, before, after) => ({
    tighter: after !== 'number' || before !== 'integer',
    looser: after !== 'integer' || before !== 'number',
    text: moved(keyword, before, after),
  })),
  ceiling: whole((keyword, before, after) => bounded(keyword, before, after, 1)),
  floor: whole((keyword, before, after) => bounded(keyword, before, after, -1)),
  divisor: whole((keyword, before, after) => ({
    tighter: !isMultiple(before, after),
    looser: !isMultiple(after, before),
    text: moved(keyword, before, after),
  })),
  values: whole((keyword, before, after) => {
    const { gained, lost, text } = members(keyword, before, after)
    return { tighter: lost, looser: gained, text }
  }),
}

/** A comparison of two values that are there. */
function whole(compare: Compare): Compare {
  return (keyword, before, after) => {
    if (before === undefined) return cameOrWent(keyword, true, after)
    if (after === undefined) return cameOrWent(keyword, false, before)
    return compare(keyword, before, after)
  }
}

function isMultiple(value: unknown, divisor: unknown): boolean {
  return Number.isInteger(Number(value) / Number(divisor))
}

function bounded(keyword: string, before: unknown, after: unknown, sign: number): Shift {
  const more = (Number(after) - Number(before)) * sign
  return { tighter: more < 0, looser: more > 0, text: moved(keyword, before, after) }
}

function members(
  keyword: string,
  before: unknown,
  after: unknown,
): { gained: boolean; lost: boolean; text: string } {
  const [old, now] = [listed(before), listed(after)]
  const gained = now.filter((text) => !old.includes(text))
  const lost = old.filter((text) => !now.includes(text))
  const parts = [
    ...(gained.length > 0 ? [`gains ${showAll(gained.map((text): unknown => JSON.parse(text)))}`] : []),
    ...(lost.length > 0 ? [`loses ${showAll(lost.map((text): unknown => JSON.parse(text)))}`] : []),
  ]
  return { gained: gained.length > 0, lost: lost.length > 0, text: `${keyword} ${parts.join(' and ')}` }
}

function listed(values: unknown): string[] {
  return Array.isArray(values) ? values.map((value) => JSON.stringify(value)) : []
}

function both(text: string): Shift {
  return { tighter: true, looser: true, text }
}

function moved(keyword: string, before: unknown, after: unknown): string {
  return `${keyword} was ${show(before)}, is ${show(after)}`
}
