import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { build } from 'esbuild'
import { chromium } from 'playwright-core'

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']
const HEADERS = { 'content-type': 'text/html', 'content-security-policy': "script-src 'self'" }

/** Bundles the page's script, opens the page in the Chromium of the machine, and resolves with what it tells. */
export async function smokeInChromium(dir: string, endpoint: string): Promise<string> {
  const executablePath = [process.env['CHROMIUM'] ?? '', ...PLACES].find(existsSync)
  if (executablePath === undefined) {
    throw new Error('Chromium is missing: apt-get install chromium, or name one in CHROMIUM')
  }
  const { outputFiles } = await build({
    absWorkingDir: dir,
    entryPoints: ['page.js'],
    bundle: true,
    format: 'esm',
    external: ['node:http'],
    write: false,
    logLevel: 'error',
  })
  const script = outputFiles[0]?.text ?? ''
  const server = createServer(({ url }, response) => {
    if (url === '/page.js') response.setHeader('content-type', 'text/javascript').end(script)
    else response.writeHead(200, HEADERS).end('<!doctype html><script type="module" src="page.js"></script>')
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')

  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--no-first-run'] })
  try {
    const page = await browser.newPage()
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
    return String(await page.evaluate(`smoke(${JSON.stringify(endpoint)})`))
  } finally {
    await browser.close()
    server.close()
    server.closeAllConnections()
  }
}
