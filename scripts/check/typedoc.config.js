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
  highlightLanguages: [...OptionDefaults.highlightLanguages, 'jsonl'],
  // Links to sources need a git remote, which a checkout may not have.
  disableSources: true,
  // What openapi-typescript calls a description.
  blockTags: [...OptionDefaults.blockTags, '@description'],
  // How types are made; readers see what comes out.
  intentionallyNotExported: ['Jobs', 'Outcomes', 'EntryOptions', ...parts],
  intentionallyNotDocumented: [
    // Members of a type that is told as a whole.
    'nebius-rerank/redis.RedisConnection.__type.eval',
    'nebius-rerank/bullmq.QueuedResult.ranked.__type.index',
    'nebius-rerank/bullmq.QueuedResult.ranked.__type.score',
    'nebius-rerank/bullmq.QueueEntry.opts.__type.jobId',
    'nebius-rerank/bullmq.QueueOutcome.__type.job',
    'nebius-rerank/bullmq.QueueOutcome.__type.ranked',
    'nebius-rerank/bullmq.QueueOutcome.__type.usage',
    'nebius-rerank/bullmq.QueueOutcome.__type.error',
    'nebius-rerank/bullmq.QueuePart.opts.__type.ignoreDependencyOnFailure',
    'nebius-rerank/bullmq.QueuePart.opts.__type.removeOnComplete',
    'nebius-rerank/bullmq.QueuePart.opts.__type.removeOnFail',
    'nebius-rerank/bullmq.RankOnOptions.flow.__type.producer',
    'nebius-rerank/bullmq.RankOnOptions.flow.__type.documentsPerJob',
    // The library's own, under a name that only some compilers know.
    'nebius-rerank/local.LocalServer.[asyncDispose]',
    // What a constructor takes is told where the error has it.
    'nebius-rerank.BadRequestError.__type.issues',
    'nebius-rerank.RateLimitError.__type.rateLimit',
    'nebius-rerank.RerankConnectionError.__type.code',
    'nebius-rerank.RerankResponseError.__type.truncated',
    'nebius-rerank.RerankTimeoutError.__type.limit',
  ],
  treatWarningsAsErrors: true,
  validation: { notExported: true, invalidLink: true, rewrittenLink: true, notDocumented: true },
  requiredToBeDocumented: [
    ...['Class', 'Interface', 'TypeAlias', 'Function', 'Variable'],
    ...['Constructor', 'Property', 'Accessor', 'Method'],
  ],
}
