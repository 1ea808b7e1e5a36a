import { createProviderRegistry as registry6, rerank as rerank6 } from 'ai6'
import type { RerankingModel as RerankingModel6 } from 'ai6'
import { createProviderRegistry as registry7, rerank as rerank7 } from 'ai7'
import type { RerankingModel as RerankingModel7 } from 'ai7'
import type { RerankClient } from 'nebius-rerank'
import { createNebiusReranker } from 'nebius-rerank/ai-sdk'
import type { NebiusProviderOptions } from 'nebius-rerank/ai-sdk'

export const model6: Exclude<RerankingModel6, string> = createNebiusReranker()('a-model')
export const model7: Exclude<RerankingModel7, string> = createNebiusReranker({
  apiKey: 'key',
  timeoutMs: 5,
})()

const nebius: NebiusProviderOptions = { serviceTier: 'flex', user: 'user' }
const call = { model: createNebiusReranker()(), query: 'q', documents: ['a'], providerOptions: { nebius } }
export const answers = [rerank6(call), rerank7(call)]

const providers = { nebius: createNebiusReranker() }
export const fromRegistry6: RerankingModel6 = registry6(providers).rerankingModel('nebius:a-model')
export const fromRegistry7: RerankingModel7 = registry7(providers).rerankingModel('nebius:a-model')

declare const client: RerankClient
createNebiusReranker({ client })
// @ts-expect-error a client has its own key
createNebiusReranker({ client, apiKey: 'key' })
// @ts-expect-error over-limit appears in answers only
export const tier: NebiusProviderOptions = { serviceTier: 'over-limit' }
