/**
 * Estimates the number of tokens of a text without a tokenizer: 4 ASCII characters, or 1 other character, are a token.
 * The real number can be four times as high, for example for digits.
 *
 * @example
 * estimateTokens('The capital of France is Paris.') // 8
 */
export function estimateTokens(text: string): number {
  let ascii = 0
  let others = 0
  // By code units, because iterating a long text by characters would make a string of each.
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at)
    if (unit < 0x80) ascii += 1
    else if (unit < 0xdc00 || unit > 0xdfff) others += 1
  }
  return Math.ceil(ascii / 4) + others
}
