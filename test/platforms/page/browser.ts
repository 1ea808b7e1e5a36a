import { mkdir, readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import type { AxeResults } from 'axe-core'
import { chromium } from 'playwright-core'
import type { Browser, Page } from 'playwright-core'
import { chromiumPath, QUIET } from '../../../scripts/pictures/browser.ts'

/** Pictures of every state, to be looked at. */
const PICTURES = fileURLToPath(new URL('../../../coverage/page/', import.meta.url))

/** Starts the Chromium of the machine, which calls nobody by itself. */
export async function launch(): Promise<Browser> {
  const executablePath = chromiumPath()
  await mkdir(PICTURES, { recursive: true })
  return chromium.launch({ executablePath, args: QUIET })
}

/** Takes a picture of a state, where `PAGE_PICTURES` asks for them. */
export async function picture(page: Page, name: string): Promise<void> {
  if (process.env['PAGE_PICTURES'] === undefined) return
  await page.screenshot({ path: `${PICTURES}${name}.png`, fullPage: true, animations: 'disabled' })
}

/** The rules of axe-core that look at colours. */
const COLOURS = ['color-contrast', 'link-in-text-block']
const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js')

/** What axe-core finds wrong, in one line each. In the dark all but colours is as in the light, and not asked again. */
export async function violations(page: Page, scheme: 'light' | 'dark'): Promise<string[]> {
  if (!(await page.evaluate('"axe" in window'))) await page.evaluate(await readFile(AXE, 'utf8'))
  // What it finds right is of no use here, and is most of its work.
  const options = {
    resultTypes: ['violations'],
    ...(scheme === 'dark' ? { runOnly: { type: 'rule', values: COLOURS } } : {}),
  }
  const violations = (await page.evaluate(
    `axe.run(${JSON.stringify(options)}).then(({ violations }) => violations)`,
  )) as AxeResults['violations']
  return violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 100)).join(' | ')}`,
  )
}
