/** The state of the page that a link carries: never the key. */
export interface SharedState {
  query: string
  documents: string
  kind: string
  part: string
  compare: string
  a: string
  b: string
}

/** Characters of a link that mail and chat let through. */
const LONGEST_LINK = 30_000

/** Characters of a state: a small link could unfold to a large one. */
const LARGEST_STATE = 5_000_000

/** The fragment of a link for a state; `undefined` for a state that no link holds. */
export async function toFragment(state: SharedState): Promise<string | undefined> {
  const bytes = await through(new Blob([JSON.stringify(state)]), new CompressionStream('deflate-raw'))
  const fragment = `#v1=${toBase64(bytes)}`
  return fragment.length > LONGEST_LINK ? undefined : fragment
}

/** True if a fragment belongs to a link with a state, even a damaged one. */
export function isLink(fragment: string): boolean {
  return /^#v\d+=/.test(fragment)
}

/** The state in a fragment; `undefined` if there is none, or none that holds. */
export async function fromFragment(fragment: string): Promise<SharedState | undefined> {
  const encoded = /^#v1=([\w-]+)$/.exec(fragment)?.[1]
  if (encoded === undefined || encoded.length > LONGEST_LINK) return undefined
  try {
    const bytes = await through(new Blob([fromBase64(encoded)]), new DecompressionStream('deflate-raw'))
    const state = JSON.parse(new TextDecoder().decode(bytes)) as Partial<Record<string, unknown>>
    const text = (name: keyof SharedState): string => (typeof state[name] === 'string' ? state[name] : '')
    return {
      query: text('query'),
      documents: text('documents'),
      kind: text('kind'),
      part: text('part'),
      compare: text('compare'),
      a: text('a'),
      b: text('b'),
    }
  } catch {
    return undefined
  }
}

async function through(
  blob: Blob,
  stream: CompressionStream | DecompressionStream,
): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array<ArrayBuffer>[] = []
  let size = 0
  for await (const chunk of blob.stream().pipeThrough<Uint8Array<ArrayBuffer>>(stream)) {
    size += chunk.length
    if (size > LARGEST_STATE) throw new RangeError('The state is too large')
    chunks.push(chunk)
  }
  return new Uint8Array(await new Blob(chunks).arrayBuffer())
}

function toBase64(bytes: Uint8Array): string {
  let binary = ''
  for (const byte of bytes) binary += String.fromCharCode(byte)
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}

function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (each) => each.charCodeAt(0))
}
