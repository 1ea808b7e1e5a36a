// The public API, written by `npm run api`. Any change to it needs a changeset.

import { ClientOrOptions, RankOptions, UnscoredOptions } from '../index.js'

declare class NebiusRerank {
  #private
  constructor(options?: NebiusRerankOptions)
  compressDocuments<Document extends RankableDocument>(
    documents: readonly Document[],
    query: string,
  ): Promise<Document[]>
}

type NebiusRerankOptions = RankOptions<RankableDocument> & UnscoredOptions & ClientOrOptions

interface RankableDocument {
  pageContent: string
  metadata: Record<string, unknown>
}

export { NebiusRerank, NebiusRerankOptions, RankableDocument }
