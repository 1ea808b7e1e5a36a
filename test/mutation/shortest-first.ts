import { BaseSequencer } from 'vitest/node'
import type { TestSpecification } from 'vitest/node'

/** Runs the quickest files first, for the first failure ends a run; Vitest itself begins with the longest. */
export class ShortestFirst extends BaseSequencer {
  override async sort(specifications: TestSpecification[]): Promise<TestSpecification[]> {
    return (await super.sort(specifications)).reverse()
  }
}
