/** A collector of bytes that arrive in chunks. */
export interface ByteCollector {
  /** Adds a chunk, and returns the number of bytes so far. */
  add(chunk: Uint8Array): number
  all(): Uint8Array
}

/**
 * Collects bytes in one buffer. An array of small chunks would take many times their size. As text, an unfinished body
 * would stay on the heap for long.
 */
export function collectBytes(): ByteCollector {
  let buffer = new Uint8Array(0)
  let size = 0
  return {
    add(chunk) {
      const end = size + chunk.byteLength
      if (end > buffer.byteLength) {
        const larger = new Uint8Array(Math.max(end, 2 * buffer.byteLength))
        larger.set(buffer.subarray(0, size))
        buffer = larger
      }
      buffer.set(chunk, size)
      size = end
      return size
    },
    all: () => buffer.subarray(0, size),
  }
}
