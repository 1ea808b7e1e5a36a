// The public API, written by `npm run api`. Any change to it needs a changeset.

import { ClientOrOptions, RankOptions } from '../index.js'

interface CallRerankerOptions {
  k?: number | null | undefined
}

type NebiusRerankerOptions = RankOptions<RankableDocument> & ClientOrOptions

type NebiusRunner = <Document extends RankableDocument>(
  query: {
    readonly text: string
  },
  documents: readonly Document[],
  options?: CallRerankerOptions | null,
) => Promise<{
  documents: {
    content: Document['content']
    metadata: Record<string, unknown> & {
      score: number
    }
  }[]
}>

interface RankableDocument {
  readonly text: string
  content: unknown[]
  metadata?: Record<string, unknown> | undefined
}

declare function createNebiusReranker(options?: NebiusRerankerOptions): NebiusRunner

export { CallRerankerOptions, NebiusRerankerOptions, NebiusRunner, RankableDocument, createNebiusReranker }
