/** Bytes whose beginning has been looked at. */
export interface Peeked {
  /** The beginning: as many bytes as were asked for, or all there are. */
  head: Buffer
  /** All bytes, the beginning included. */
  rest: AsyncGenerator<Buffer, void, undefined>
}

/** Looks at the beginning of a stream. A function asks for more bytes as long as it returns false. */
export async function peek(
  source: AsyncGenerator<Buffer, void, undefined>,
  enough: number | ((head: Buffer, isAll: boolean) => boolean),
): Promise<Peeked> {
  const isEnough = typeof enough === 'number' ? ({ length }: Buffer) => length >= enough : enough
  let head: Buffer = Buffer.alloc(0)
  while (!isEnough(head, false)) {
    const { done, value } = await source.next()
    if (done === true) {
      isEnough(head, true)
      break
    }
    head = head.length === 0 ? value : Buffer.concat([head, value])
  }
  const rest = async function* (): Peeked['rest'] {
    if (head.length > 0) yield head
    yield* source
  }
  return { head, rest: rest() }
}
