/** Bytes that come in chunks. */
export interface ByteCollector {
  /** Adds a chunk; tells how many bytes there are now. */
  add(chunk: Uint8Array): number
  all(): Uint8Array
}

/**
 * Collects bytes in one buffer. Kept as they come, small chunks would take many times their size; as text, what a client
 * leaves unfinished would stay on the heap for long.
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
