import { readFileSync } from 'node:fs'
import { OptionDefaults } from 'typedoc'

// Parts of requests and responses that the contract brings and the index does not name.
const [generated, index] = ['src/generated/rerank.ts', 'src/index.ts'].map((path) =>
  readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8'),
)
const parts = [...generated.matchAll(/^export (?:interface|type) (\w+)/gm)]
  .map(([, name]) => name)
  .filter((name) => !new RegExp(`\\b${name}\\b`).test(index))

export default {
  name: 'nebius-rerank',
  tsconfig: '../../src/tsconfig.build.json',
  entryPoints: [
    '../../src/index.ts',
    '../../src/bulk/index.ts',
    '../../src/eval/index.ts',
    '../../src/local/index.ts',
    '../../src/middleware/index.ts',
    '../../src/node/index.ts',
    '../../src/redis/index.ts',
    '../../src/bullmq/index.ts',
    '../../src/otel/index.ts',
    '../../src/adapters/*.ts',
  ],
  out: '../../reference',
  includeVersion: true,
  // Links to sources need a git remote, which a checkout may not have.
  disableSources: true,
  // What openapi-typescript calls a description.
  blockTags: [...OptionDefaults.blockTags, '@description'],
  // How types are made; readers see what comes out.
  intentionallyNotExported: ['Jobs', 'Outcomes', 'EntryOptions', ...parts],
  intentionallyNotDocumented: [
    // Members of a type that is told as a whole.
    'redis.RedisConnection.__type.eval',
    'bullmq.QueuedResult.ranked.__type.index',
    'bullmq.QueuedResult.ranked.__type.score',
    'bullmq.QueueEntry.opts.__type.jobId',
    'bullmq.QueueOutcome.__type.job',
    'bullmq.QueueOutcome.__type.ranked',
    'bullmq.QueueOutcome.__type.usage',
    'bullmq.QueueOutcome.__type.error',
    'bullmq.QueuePart.opts.__type.ignoreDependencyOnFailure',
    'bullmq.QueuePart.opts.__type.removeOnComplete',
    'bullmq.QueuePart.opts.__type.removeOnFail',
    'bullmq.RankOnOptions.flow.__type.producer',
    'bullmq.RankOnOptions.flow.__type.documentsPerJob',
    // The library's own, under a name that only some compilers know.
    'local.LocalServer.[asyncDispose]',
    // What a constructor takes is told where the error has it.
    'index.BadRequestError.__type.issues',
    'index.RateLimitError.__type.rateLimit',
    'index.RerankConnectionError.__type.code',
    'index.RerankResponseError.__type.truncated',
    'index.RerankTimeoutError.__type.limit',
  ],
  treatWarningsAsErrors: true,
  validation: { notExported: true, invalidLink: true, rewrittenLink: true, notDocumented: true },
  requiredToBeDocumented: [
    ...['Class', 'Interface', 'TypeAlias', 'Function', 'Variable'],
    ...['Constructor', 'Property', 'Accessor', 'Method'],
  ],
}
