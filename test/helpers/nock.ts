import nock from 'nock'
import { beforeEach, expect, vi } from 'vitest'

// It replaces what it intercepts as soon as it is loaded.
nock.restore()

/** Has nock answer for the network in each test of a file or a group, and only in them. */
export function intercept(): void {
  beforeEach(() => {
    nock.activate()
    nock.disableNetConnect()
    return () => {
      const pending = nock.pendingMocks()
      // A stub of the test hides nock's fetch, and would bring it back later.
      vi.unstubAllGlobals()
      nock.cleanAll()
      nock.enableNetConnect()
      nock.restore()
      expect(pending, 'each answer was asked for').toEqual([])
    }
  })
}

export { nock }
