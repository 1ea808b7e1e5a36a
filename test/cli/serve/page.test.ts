import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { createPage } from '../../../src/cli/serve/page.ts'
import { spec } from '../../../src/index.ts'

const SETTINGS = { live: true, needsKey: false, model: 'm', baseUrl: 'https://rerank.test' }
const ask = (path: string, method = 'GET'): Promise<Response | undefined> =>
  createPage(SETTINGS)(new Request(`http://localhost${path}`, { method }))

test.each([
  ['/', 'index.html', 'text/html'],
  ['/?query', 'index.html', 'text/html'],
  ['/page/style.css', 'style.css', 'text/css'],
  ['/page/icon.svg', 'icon.svg', 'image/svg+xml'],
])('%s is %s', async (path, file, type) => {
  const response = await ask(path)
  expect(response?.status).toBe(200)
  expect(response?.headers.get('content-type')).toBe(`${type}; charset=utf-8`)
  expect(await response?.text()).toBe(
    await readFile(new URL(`../../../src/cli/serve/page/${file}`, import.meta.url), 'utf8'),
  )
})

test('its settings are what its server is, and the version of the spec', async () => {
  expect(await (await ask('/page/settings.json'))?.json()).toEqual({ ...SETTINGS, spec: spec.version })
})

test.each(['/', '/page/settings.json'])('%s comes with its policy', async (path) => {
  const { headers } = (await ask(path)) ?? expect.fail()
  expect(headers.get('content-security-policy')).toMatch(/^default-src 'none'; /)
  expect(headers.get('x-content-type-options')).toBe('nosniff')
})

test('asked by HEAD it has no body', async () => {
  const response = await ask('/', 'HEAD')
  expect(response?.headers.get('content-type')).toBe('text/html; charset=utf-8')
  expect(await response?.text()).toBe('')
})

test.each([
  ['/', 'POST'],
  ['/page/settings.json', 'PUT'],
  ['/page/none.css', 'GET'],
  ['/constructor', 'GET'],
])('%s is nothing of it by %s', async (path, method) => {
  expect(await ask(path, method)).toBeUndefined()
})
