import { afterEach, describe, expect, it, vi } from 'vitest'

afterEach(() => vi.resetModules())

async function tokenize(text: string): Promise<string[]> {
  const { tokenize } = await import('../../../src/local/words/tokenize.ts')
  return [...tokenize(text)].flatMap(({ words }) => words)
}

describe('tokenize', () => {
  it.each([
    ['words and numbers', 'Ab, c-3 d_e!', ['ab', 'c', '3', 'd_e']],
    ['accents away', 'Crème brûlée Ёлка', ['creme', 'brulee', 'елка']],
    ['compatibility forms', 'ﬁx Ｗｉｄｅ', ['fix', 'wide']],
    ['marks that are letters kept', 'हिन्दी ガラス 한국', ['हिन्दी', 'ガラス', '한국']],
    ['emoji one by one', 'a😀🐈', ['a', '😀', '🐈']],
    ['scripts without spaces by a dictionary', '東京は日本の首都', ['東京', 'は', '日本', 'の', '首都']],
    ['nothing', ' \0\uD800.', []],
    ['the beginning of an endless word', 'x'.repeat(100), ['x'.repeat(64)]],
  ])('gives %s', async (_what, text, words) => {
    expect(await tokenize(text)).toEqual(words)
  })

  // Where a word ends is up to the runtime's dictionary.
  it.each([
    ['Han', '中国人民'],
    ['Hiragana', 'これはなに'],
    ['Katakana', 'アメリカイギリス'],
    ['Thai', 'กรุงเทพเมืองหลวง'],
    ['Lao', 'ປະເທດລາວ'],
    ['Khmer', 'ភ្នំពេញជារាជធានី'],
    ['Myanmar', 'နေပြည်တော်သည်'],
  ])('splits what is written in %s alone into words', async (_script, text) => {
    const words = await tokenize(text)
    expect(words.length).toBeGreaterThan(1)
    expect(words.join('')).toBe(text)
  })

  it.each([
    ['non-Latin letters', 'я'],
    ['letters outside of the basic plane', '𐐷'],
    ['letters and marks in turn', 'ก\u0e34'],
    ['letters that fold to many', '\uFDFA'],
    ['digits', '7'],
    ['marks', '\u0301'],
    ['blanks', ' '],
    ['lone surrogates', '\uDC00'],
    ['emoji', '🐈'],
  ])('takes an unbroken run of millions of %s', async (_what, unit) => {
    const length = unit === '\uFDFA' ? 150_000 : 1_500_000
    const { tokenize } = await import('../../../src/local/words/tokenize.ts')
    let read = 0
    for (const piece of tokenize(unit.repeat(length / unit.length))) read += piece.length
    expect(read).toBe(length)
  })

  it('cuts no character in two', async () => {
    const words = await tokenize(`x${'🐈'.repeat(20_000)}`)
    expect(words).toEqual(['x', ...Array.from({ length: 20_000 }, () => '🐈')])
  })

  it('cuts no word in two where there is a blank', async () => {
    const words = await tokenize('wordy '.repeat(20_000))
    expect(new Set(words)).toEqual(new Set(['wordy']))
  })

  it('splits by character where there is no dictionary', async () => {
    vi.stubGlobal('Intl', {})
    expect(await tokenize('東京 x')).toEqual(['東', '京', 'x'])
  })
})
