import { describe, expect, it } from 'vitest'
import { resolveServer, resolveSettings } from '../../src/local/options.ts'
import { createLocalReranker, serveLocalReranker, type LocalServerOptions } from '../../src/local/index.ts'

const WRONG: readonly [name: keyof LocalServerOptions, value: unknown, message: string][] = [
  ['apiKey', '', 'apiKey must be printable ASCII without blanks (the value is not shown)'],
  ['apiKey', 'secret\n', 'apiKey must be printable ASCII without blanks (the value is not shown)'],
  ['apiKey', 'two words', 'apiKey must be printable ASCII without blanks (the value is not shown)'],
  ['apiKey', 1, 'apiKey must be printable ASCII without blanks (the value is not shown)'],
  ['models', 'm', 'models must be an array of model ids, got "m"'],
  ['models', [], 'models must be an array of model ids, got an array'],
  ['models', ['m', 1], 'models must be an array of model ids, got an array'],
  ['maxDocuments', 0, 'maxDocuments must be a whole number, 1 or more, got 0'],
  ['maxBodyBytes', 0, 'maxBodyBytes must be a whole number, 1 or more, got 0'],
  ['maxBodyBytes', 1.5, 'maxBodyBytes must be a whole number, 1 or more, got 1.5'],
  ['maxBodyBytes', '9', 'maxBodyBytes must be a whole number, 1 or more, got "9"'],
  ['models', 'm'.repeat(61), `models must be an array of model ids, got "${'m'.repeat(60)}…"`],
  ['maxBodyBytes', () => 1, 'maxBodyBytes must be a whole number, 1 or more, got a function'],
  ['cors', 'yes', 'cors must be true or false, got "yes"'],
]

const WRONG_ADDRESS: typeof WRONG = [
  ['port', 65_536, 'port must be a whole number from 0 to 65535, got 65536'],
  ['port', -1, 'port must be a whole number from 0 to 65535, got -1'],
  ['port', '80', 'port must be a whole number from 0 to 65535, got "80"'],
  ['host', '', 'host must be an address or host name, got ""'],
  ['host', {}, 'host must be an address or host name, got an object'],
]

describe('options', () => {
  it.each(WRONG)('refuses %s %j', (name, value, message) => {
    expect(() => createLocalReranker({ [name]: value })).toThrow(new TypeError(message))
  })

  it.each([...WRONG, ...WRONG_ADDRESS])('refuses to serve with %s %j', async (name, value, message) => {
    await expect(serveLocalReranker({ [name]: value })).rejects.toThrow(new TypeError(message))
  })

  it('refuses options that are no object', () => {
    const create = createLocalReranker as (options: unknown) => unknown
    expect(() => create(null)).toThrow(new TypeError('options must be an object, got null'))
    expect(() => create('local')).toThrow(new TypeError('options must be an object, got string'))
  })

  it('names the option that was meant', async () => {
    expect(() => createLocalReranker({ failrate: 1 } as object)).toThrow(
      new TypeError('failrate is not an option here: did you mean failRate?'),
    )
    await expect(serveLocalReranker({ por: 1 } as object)).rejects.toThrow(
      new TypeError('por is not an option here: did you mean port?'),
    )
  })

  it('takes what is at its bounds', () => {
    const least = { apiKey: '!', models: ['m'], maxBodyBytes: 1, maxDocuments: 1, cors: true }
    expect(resolveSettings(least)).toMatchObject(least)
    expect(resolveSettings({ cors: false, maxBodyBytes: Number.MAX_SAFE_INTEGER }).cors).toBe(false)
    expect(resolveServer({ port: 0, host: 'h' })).toMatchObject({ port: 0, host: 'h' })
    expect(resolveServer({ port: 65_535 })).toMatchObject({ port: 65_535, host: '127.0.0.1' })
  })

  it('takes undefined for the default', () => {
    const options = { apiKey: undefined, models: undefined, maxBodyBytes: undefined, cors: undefined }
    expect(createLocalReranker(options).apiKey).toBe('local')
  })
})
