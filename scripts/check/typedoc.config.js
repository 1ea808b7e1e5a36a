import { readFileSync } from 'node:fs'
import { OptionDefaults } from 'typedoc'

// Types of the contract that are parts of requests and responses, and that the index does not export.
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
  customCss: 'typedoc.css',
  highlightLanguages: [...OptionDefaults.highlightLanguages, 'jsonl'],
  // Links to sources need a git remote, which a checkout may not have.
  disableSources: true,
  // The tag with which openapi-typescript marks a description.
  blockTags: [...OptionDefaults.blockTags, '@description'],
  // Types that only help to make others.
  intentionallyNotExported: ['Jobs', 'Outcomes', 'EntryOptions', ...parts],
  intentionallyNotDocumented: [
    // Members of a type that is documented as a whole.
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
    // A name of the standard library, which only some compilers know.
    'nebius-rerank/local.LocalServer.[asyncDispose]',
    // Parameters of constructors, which are documented as properties of the errors.
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
