/** Throws where nothing is judged, so that all measures would be 0. @throws TypeError */
export function assertJudged({ queries }: { readonly queries: ReadonlyMap<string, unknown> }): void {
  if (queries.size > 0) return
  throw new TypeError(
    'No query has a judged document: give documents a "relevance", or check the ids of the qrels',
  )
}
