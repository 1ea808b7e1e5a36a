/**
 * What is mutated in one run, and the tests that are to notice: those of the same part, which is stricter than all, and
 * sooner done. What waits in real time, and what starts processes, is left out, since it would run for every mutant.
 *
 * @type {{ [name: string]: { mutate: string[], tests: string[] } | undefined }}
 */
export const WINGS = {
  client: { mutate: ['src/*.ts'], tests: ['test/*.test.ts'] },
  bulk: { mutate: ['src/bulk/*.ts'], tests: ['test/bulk/*.test.ts'] },
  local: { mutate: ['src/local/*.ts'], tests: ['test/local/*.test.ts'] },
  command: { mutate: ['src/cli/*.ts', '!src/cli/index.ts'], tests: ['test/cli/*.test.ts'] },
  contract: room('contract'),
  generate: room('{generate,report,shared,upstream}'),
  compare: room('compare'),
  regenerate: room('{regenerate,commands,drift,pinned}'),
}

/** The name of the wing that is run comes by the environment, which all of Stryker's processes share. */
export const NAME = process.env['WING'] ?? 'client'

/** @param {string} names rooms of the pipeline, each a file, a folder, or both */
function room(names) {
  return {
    mutate: [`scripts/pipeline/${names}.ts`, `scripts/pipeline/${names}/**/*.ts`],
    tests: [`test/scripts/pipeline/${names}.test.ts`, `test/scripts/pipeline/${names}/**/*.test.ts`],
  }
}
