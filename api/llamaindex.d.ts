// The public API, written by `npm run api`. Any change to it needs a changeset.

import { ClientOrOptions, RankOptions, UnscoredOptions } from '../index.js'

declare class NebiusRerank {
  #private
  constructor(options?: NebiusRerankOptions)
  postprocessNodes<Node extends RankableNode>(nodes: readonly Node[], query?: Query): Promise<Node[]>
}

type NebiusRerankOptions = RankOptions<RankableNode> & UnscoredOptions & ClientOrOptions

type Query =
  | string
  | readonly {
      readonly type: string
      readonly text?: string
    }[]

interface RankableNode {
  node: {
    getContent(metadataMode?: string): string
  }
  score?: number | undefined
}

export { NebiusRerank, NebiusRerankOptions, Query, RankableNode }
