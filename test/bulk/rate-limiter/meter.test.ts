import { describe, expect, test } from 'vitest'
import { createMeasure, createMeter } from '../../../src/bulk/rate-limiter/meter.ts'
import type { Measure, Meter } from '../../../src/bulk/rate-limiter/meter.ts'

describe('a meter', () => {
  const counting = (...times: number[]): Meter => {
    const meter = createMeter()
    for (const time of times) meter.add(time)
    return meter
  }
  const every10 = (count: number): number[] => Array.from({ length: count }, (_, index) => 10 * index)

  test('that has counted nothing says 0', () => {
    expect(counting().rate(1000)).toBe(0)
  })

  test('takes the rate from all that it has counted', () => {
    expect(counting(100, 200).rate(300)).toBe(2 / 200)
  })

  test.each([20, 21, 25, 47])('goes by the last twenty: of %i', (count) => {
    expect(counting(...every10(count)).rate(10 * count)).toBe(20 / 200)
  })
})

describe('a measure', () => {
  const of = (count: number, measure: Measure = createMeasure()): Measure => {
    for (let at = 0; at < count; at++) measure.add()
    return measure
  }
  const begun = (): Measure => {
    const measure = createMeasure()
    measure.startAfresh(0)
    return measure
  }

  test('is none before the bucket was empty', () => {
    expect(of(50).range(1000)).toBeUndefined()
  })

  test('leaves out what was let out before', () => {
    const measure = of(50)
    measure.startAfresh(0)
    expect(of(10, measure).range(1000)).toEqual({ least: 0.01, most: 0.01 })
  })

  test('needs ten', () => {
    expect(of(9, begun()).range(1000)).toBeUndefined()
    expect(of(10, begun()).range(1000)).toEqual({ least: 0.01, most: 0.01 })
  })

  test('lies between the rate with and without its pauses', () => {
    const measure = of(10, begun())
    measure.pause(300)
    measure.pause(200)
    expect(measure.range(1000)).toEqual({ least: 0.01, most: 0.02 })
  })

  test('goes on where it was not yet enough', () => {
    const measure = of(5, begun())
    measure.startAfresh(500)
    expect(of(5, measure).range(1000)).toEqual({ least: 0.01, most: 0.01 })
  })

  test('starts afresh where it was, pauses included', () => {
    const measure = of(10, begun())
    measure.pause(500)
    measure.startAfresh(1000)
    expect(measure.range(2000)).toBeUndefined()
    expect(of(10, measure).range(2000)).toEqual({ least: 0.01, most: 0.01 })
  })
})
