import { describe, expect, it } from 'vitest'
import { resolveAddress, resolveSettings } from '../../src/local/options.ts'
import { createLocalReranker, serveLocalReranker, type LocalServerOptions } from '../../src/local/index.ts'

const WRONG: readonly [name: keyof LocalServerOptions, value: unknown, message: string][] = [
  ['apiKey', '', 'apiKey must be printable ASCII without blanks, got something else (not shown)'],
  ['apiKey', 'secret\n', 'apiKey must be printable ASCII without blanks, got something else (not shown)'],
  ['apiKey', 'two words', 'apiKey must be printable ASCII without blanks, got something else (not shown)'],
  ['apiKey', 1, 'apiKey must be printable ASCII without blanks, got 1'],
  ['models', 'm', 'models must be an array of model ids, got "m"'],
  ['models', [], 'models must be an array of model ids, got an array of 0'],
  ['models', ['m', 1], 'models must be an array of model ids, got an array of 2'],
  ['maxDocuments', 0, 'maxDocuments must be a whole number, 1 or more, got 0'],
  ['maxBodyBytes', 0, 'maxBodyBytes must be a whole number of bytes, 1 or more, got 0'],
  ['maxBodyBytes', 1.5, 'maxBodyBytes must be a whole number of bytes, 1 or more, got 1.5'],
  ['maxBodyBytes', '9', 'maxBodyBytes must be a whole number of bytes, 1 or more, got "9"'],
  ['models', 'm'.repeat(61), `models must be an array of model ids, got "${'m'.repeat(60)}"`],
  ['maxBodyBytes', () => 1, 'maxBodyBytes must be a whole number of bytes, 1 or more, got a function'],
  ['cors', 'yes', 'cors must be a boolean, got "yes"'],
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
    expect(() => create('local')).toThrow(new TypeError('options must be an object, got "local"'))
  })

  it('takes what is at its bounds', () => {
    const least = { apiKey: '!', models: ['m'], maxBodyBytes: 1, maxDocuments: 1, cors: true }
    expect(resolveSettings(least)).toMatchObject(least)
    expect(resolveSettings({ cors: false, maxBodyBytes: Number.MAX_SAFE_INTEGER }).cors).toBe(false)
    expect(resolveAddress({ port: 0, host: 'h' })).toEqual({ port: 0, host: 'h' })
    expect(resolveAddress({ port: 65_535 })).toEqual({ port: 65_535, host: '127.0.0.1' })
  })

  it('takes undefined for the default', () => {
    const options = { apiKey: undefined, models: undefined, maxBodyBytes: undefined, cors: undefined }
    expect(createLocalReranker(options).apiKey).toBe('local')
  })
})
