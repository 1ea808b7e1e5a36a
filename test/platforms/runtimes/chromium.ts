import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { build } from 'esbuild'
import { chromium } from 'playwright-core'
import { chromiumPath, QUIET } from '../../../scripts/pictures/browser.ts'

const HEADERS = { 'content-type': 'text/html', 'content-security-policy': "script-src 'self'" }

/** Bundles the page's script, opens the page in the Chromium of the machine, and resolves with what it tells. */
export async function smokeInChromium(dir: string, endpoint: string): Promise<string> {
  const executablePath = chromiumPath()
  const { outputFiles } = await build({
    absWorkingDir: dir,
    entryPoints: ['page.js'],
    bundle: true,
    format: 'esm',
    write: false,
    logLevel: 'error',
  })
  const script = outputFiles[0]?.text ?? ''
  const server = createServer(({ url }, response) => {
    if (url === '/page.js') response.setHeader('content-type', 'text/javascript').end(script)
    else response.writeHead(200, HEADERS).end('<!doctype html><script type="module" src="page.js"></script>')
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')

  const browser = await chromium.launch({ executablePath, args: QUIET })
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
