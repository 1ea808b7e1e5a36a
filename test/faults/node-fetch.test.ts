import { afterAll, describe } from 'vitest'
import { createNodeFetch } from '../../src/node/index.ts'
import { underTest } from '../helpers/fetch-under-test.ts'

// The whole suite once more: each file registers its tests when it is loaded.
describe('over createNodeFetch', async () => {
  underTest.fetch = createNodeFetch()
  afterAll(() => {
    delete underTest.fetch
  })
  await import('./body.test.ts')
  await import('./connection.test.ts')
  await import('./many.test.ts')
  await import('./process.test.ts')
  await import('./time.test.ts')
})
