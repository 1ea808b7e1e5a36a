/* eslint-disable @typescript-eslint/no-unsafe-class-instance-assignment -- LangChain asks for the methods alone */
import { MemoryVectorStore } from '@langchain/classic/vectorstores/memory'
import { ContextualCompressionRetriever } from '@langchain/classic/retrievers/contextual_compression'
import { SyntheticEmbeddings } from '@langchain/core/utils/testing'
import { MockLLM } from '@llamaindex/core/llms/mock'
import { RetrieverQueryEngine } from '@llamaindex/core/query-engine'
import { getResponseSynthesizer } from '@llamaindex/core/response-synthesizers'
import { BaseRetriever } from '@llamaindex/core/retriever'
import { MetadataMode, TextNode } from '@llamaindex/core/schema'
import type { NodeWithScore } from '@llamaindex/core/schema'
import { rerankWithScorer } from '@mastra/rag'
import { Document as GenkitDocument, genkit } from 'genkit'
import { createNebiusReranker as createModel } from '../../src/adapters/ai-sdk.ts'
import { createNebiusReranker as createRunner } from '../../src/adapters/genkit.ts'
import { NebiusRerank as Compressor } from '../../src/adapters/langchain.ts'
import { NebiusRerank as Postprocessor } from '../../src/adapters/llamaindex.ts'
import { NebiusRelevanceScorer } from '../../src/adapters/mastra.ts'
import type { ClientOptions } from '../../src/index.ts'
import { AI_SDKS } from './ai-sdk-versions.ts'
import type { AiSdk } from './ai-sdk-versions.ts'

/** A text in its place, and the score that the framework passes on. */
export interface Ranked {
  text: string
  score: number
}

/** A framework that holds texts in its own way, and reranks them by its own function. */
export interface Held {
  /** What the framework holds, for a look at what became of it. */
  inputs: unknown
  rank: (query: string, options: ClientOptions & { signal?: AbortSignal }) => Promise<Ranked[]>
}

type Hold = (texts: string[]) => Held | Promise<Held>

export const FRAMEWORKS: readonly (readonly [name: string, hold: Hold])[] = [
  ...AI_SDKS.map(([name, sdk]) => [name, (texts: string[]) => aiSdk(sdk, texts)] as const),
  ['LangChain', langchain],
  ['Mastra', mastra],
  ['Genkit', genkitAi],
  ['LlamaIndex', llamaIndex],
]

function aiSdk({ rerank }: AiSdk, documents: string[]): Held {
  return {
    inputs: documents,
    async rank(query, { signal, ...options }) {
      const model = createModel(options)()
      const { ranking } = await rerank({ model, documents, query, ...(signal && { abortSignal: signal }) })
      return ranking.map(({ document, score }) => ({ text: document, score }))
    },
  }
}

async function langchain(texts: string[]): Promise<Held> {
  const store = new MemoryVectorStore(new SyntheticEmbeddings())
  await store.addDocuments(texts.map((pageContent, id) => ({ pageContent, metadata: { id } })))
  return {
    inputs: store.memoryVectors,
    async rank(query, options) {
      const baseRetriever = store.asRetriever({ k: texts.length })
      const baseCompressor = new Compressor(options)
      const retriever = new ContextualCompressionRetriever({ baseCompressor, baseRetriever })
      const documents = await retriever.invoke(query)
      return documents.map(({ pageContent, metadata }) => ({
        text: pageContent,
        score: Number(metadata['relevanceScore']),
      }))
    },
  }
}

function mastra(texts: string[]): Held {
  const results = texts.map((text, id) => ({ id: String(id), score: 0, metadata: { text } }))
  return {
    inputs: results,
    async rank(query, options) {
      const scorer = new NebiusRelevanceScorer(options)
      const weights = { semantic: 1, vector: 0, position: 0 }
      const ranked = await rerankWithScorer({ results, query, scorer, options: { weights, topK: 100 } })
      return ranked.map(({ result, score }) => ({ text: String(result.metadata?.['text']), score }))
    },
  }
}

function genkitAi(texts: string[]): Held {
  const documents = texts.map((text, id) => GenkitDocument.fromText(text, { id }))
  return {
    inputs: documents,
    async rank(query, options) {
      const ai = genkit({})
      const reranker = ai.defineReranker({ name: 'nebius' }, createRunner(options))
      const ranked = await ai.rerank({ reranker, query, documents })
      return ranked.map(({ text, metadata }) => ({ text, score: metadata.score }))
    },
  }
}

function llamaIndex(texts: string[]): Held {
  const nodes = texts.map((text) => ({ node: new TextNode({ text }), score: 0 }))
  return {
    inputs: nodes,
    async rank(query, options) {
      const synthesizer = getResponseSynthesizer('compact', { llm: new MockLLM({ timeBetweenToken: 0 }) })
      const engine = new RetrieverQueryEngine(new Retriever(nodes), synthesizer, [new Postprocessor(options)])
      const { sourceNodes = [] } = await engine.query({ query })
      return sourceNodes.map(({ node, score = NaN }) => ({ text: node.getContent(MetadataMode.NONE), score }))
    },
  }
}

/** Finds every node, in the order given. */
class Retriever extends BaseRetriever {
  readonly #nodes: NodeWithScore[]

  constructor(nodes: NodeWithScore[]) {
    super()
    this.#nodes = nodes
  }

  async _retrieve(): Promise<NodeWithScore[]> {
    return this.#nodes
  }
}
