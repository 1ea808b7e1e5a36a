import { expect, test } from 'vitest'
import { createLane } from '../../../src/bulk/rate-limiter/lane.ts'

test('each takes its time from when the one before was sent', () => {
  const lane = createLane()
  lane.take(1000, 100)
  expect(lane.openAt).toBe(1100)
  lane.take(1100, 50)
  expect(lane.openAt).toBe(1150)
})

test('what a timer is late is made up for', () => {
  const lane = createLane()
  lane.take(1000, 100)
  lane.take(1110, 100)
  expect(lane.openAt).toBe(1200)
})

test('an idle time is not', () => {
  const lane = createLane()
  lane.take(1000, 100)
  lane.take(5000, 100)
  expect(lane.openAt).toBe(5100)
})

test('closed, it opens when it is said to, and no sooner for being closed again', () => {
  const lane = createLane()
  lane.close(3000)
  lane.close(2000)
  expect(lane.openAt).toBe(3000)
})

test('closed with a credit, it lets through at once what would have been sent in that time', () => {
  const lane = createLane()
  lane.close(3000, 200)
  lane.take(3050, 100)
  lane.take(3050, 100)
  expect(lane.openAt).toBe(3000)
  lane.take(3050, 100)
  expect(lane.openAt).toBe(3100)
})
