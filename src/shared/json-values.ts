/**
 * Makes a counter of the values in a JSON text, fed with its bytes. It estimates the memory of the parsed text before
 * it is parsed. Each value except the first needs a comma or an opening bracket outside of strings.
 */
export function createValueCounter(): (chunk: Uint8Array) => number {
  let count = 0
  let isInString = false
  let isEscaped = false
  return (chunk) => {
    for (const byte of chunk) {
      if (isInString) {
        if (isEscaped) isEscaped = false
        else if (byte === BACKSLASH) isEscaped = true
        else if (byte === QUOTE) isInString = false
      } else if (byte === QUOTE) isInString = true
      else if (byte === COMMA || byte === BRACKET || byte === BRACE) count += 1
    }
    return count
  }
}

const QUOTE = 0x22
const BACKSLASH = 0x5c
const COMMA = 0x2c
const BRACKET = 0x5b
const BRACE = 0x7b
