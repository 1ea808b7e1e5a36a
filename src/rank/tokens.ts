/**
 * Estimates the tokens of a text without a tokenizer: 4 characters of ASCII make one, or 1 of any other script.
 *
 * @example
 * estimateTokens('The capital of France is Paris.') // 8
 */
export function estimateTokens(text: string): number {
  let ascii = 0
  let others = 0
  // By code units: a text of megabytes is not a reason to make a string of each of its characters.
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at)
    if (unit < 0x80) ascii += 1
    else if (unit < 0xdc00 || unit > 0xdfff) others += 1
  }
  return Math.ceil(ascii / 4) + others
}
