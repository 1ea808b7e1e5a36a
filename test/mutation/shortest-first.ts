import { basename } from 'node:path'
import { BaseSequencer } from 'vitest/node'
import type { TestSpecification } from 'vitest/node'
import { FILES } from './wings.js'

const OWN = new Set(FILES.map((file) => `${basename(file, '.ts')}.test.ts`))

/**
 * Begins with the tests of what is mutated, for the first failure ends a run, and of the rest with the quickest files;
 * Vitest itself begins with the longest.
 */
export class ShortestFirst extends BaseSequencer {
  override async sort(specifications: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification): number => (OWN.has(basename(moduleId)) ? 0 : 1)
    return (await super.sort(specifications)).reverse().sort((a, b) => rank(a) - rank(b))
  }
}
