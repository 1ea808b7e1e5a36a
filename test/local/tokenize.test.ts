import { afterEach, describe, expect, it, vi } from 'vitest'

afterEach(() => vi.resetModules())

async function tokenize(text: string): Promise<string[]> {
  return (await import('../../src/local/tokenize.ts')).tokenize(text)
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

  it('splits by character where there is no dictionary', async () => {
    vi.stubGlobal('Intl', {})
    expect(await tokenize('東京 x')).toEqual(['東', '京', 'x'])
  })
})
