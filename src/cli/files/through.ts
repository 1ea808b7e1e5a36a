import { pipeline, Readable } from 'node:stream'
import type { Duplex } from 'node:stream'

/** Yields the output of a transforming stream. The source's errors pass unchanged; `explain` rewords the stream's own. */
export async function* through<Out>(
  source: AsyncIterable<Buffer>,
  transform: Duplex,
  explain: (error: unknown) => Error,
): AsyncGenerator<Out, void, undefined> {
  let failure: Error | undefined
  const noted = async function* (): AsyncGenerator<Buffer, void, undefined> {
    try {
      yield* source
    } catch (error) {
      failure = error as Error
      throw error
    }
  }
  try {
    yield* pipeline(Readable.from(noted()), transform, () => undefined) as AsyncIterable<Out>
  } catch (error) {
    throw failure ?? explain(error)
  }
}
