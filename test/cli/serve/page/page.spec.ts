import { execFile } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { installCommand } from '../../../helpers/command.ts'
import type { InstalledCommand } from '../../../helpers/command.ts'
import { launch, picture, violations } from './browser.ts'

let command: InstalledCommand
let browser: Browser
beforeAll(async () => {
  browser = await launch()
  command = await installCommand()
})
afterAll(async () => {
  await browser.close()
  await command.remove()
})

const servers: ChildProcess[] = []
/** What the page must never do, whatever the test: ask elsewhere, break its policy, throw. */
const trespasses: string[] = []
afterEach(async () => {
  for (const server of servers.splice(0)) server.kill('SIGKILL')
  await Promise.all(browser.contexts().map((context) => context.close()))
  expect(trespasses.splice(0)).toEqual([])
})

async function serve(...args: string[]): Promise<string> {
  const server = command.start(['serve', '--port', '0', ...args])
  servers.push(server)
  let said = ''
  while (!said.includes('To try it')) {
    const [chunk] = (await once(server.stderr ?? server, 'data')) as [Buffer]
    said += chunk.toString()
  }
  return /To try it: (\S+)\//.exec(said)?.[1] ?? ''
}

async function open(url: string, options: BrowserContextOptions = {}): Promise<Page> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 }, ...options })
  page.on('request', (request) => {
    if (new URL(request.url()).origin !== new URL(url).origin) trespasses.push(`asked ${request.url()}`)
  })
  page.on('pageerror', (error) => trespasses.push(error.message))
  page.on('console', (message) => {
    // The browser itself notes an answer that is no success.
    if (message.type() === 'error' && !/Failed to load resource/.test(message.text()))
      trespasses.push(message.text())
  })
  page.on('dialog', (dialog) => {
    trespasses.push(`said ${dialog.message()}`)
    void dialog.dismiss()
  })
  await page.goto(url)
  await page.getByRole('button', { name: 'A cold kitchen' }).waitFor()
  return page
}

async function rank(page: Page, query: string, documents: string): Promise<void> {
  await page.getByLabel('Query').fill(query)
  await page.getByLabel('Documents').fill(documents)
  await page.getByRole('button', { name: 'Rank', exact: true }).click()
}

const rows = (page: Page) => page.getByRole('list').getByRole('listitem')
const summary = (page: Page) => page.getByText(/^\d[\d,]* documents?, /)
const alert = (page: Page) => page.getByRole('alert')

const CITIES = 'Belgrade\nThe capital of France is Paris.\nAmsterdam'

describe('a ranking', () => {
  test('shows documents best first, with scores, bars and how far each moved', async () => {
    const page = await open(await serve())
    await rank(page, 'capital of France', CITIES)
    await summary(page).waitFor()
    expect(await summary(page).textContent()).toMatch(/^3 documents, \d+ tokens, \d+ ms$/)
    expect(await rows(page).allInnerTexts()).toEqual([
      expect.stringMatching(/^1\s+The capital of France is Paris\.\s+0\.9\d\d\s+▲ 1\s+up 1, from 2$/),
      expect.stringMatching(/^2\s+Belgrade\s+0\.\d{3}\s+▼ 1\s+down 1, from 1$/),
      expect.stringMatching(/^3\s+Amsterdam\s+0\.\d{3}\s+–\s+stays$/),
    ])
    const widths = await page.locator('.bar').evaluateAll((bars) => bars.map((bar) => bar.clientWidth))
    expect(widths[0]).toBeGreaterThan(10 * (widths[1] ?? 0))
    await picture(page, 'ranked')
  })

  test('begins with an example', async () => {
    const page = await open(await serve())
    await picture(page, 'empty')
    await page.getByRole('button', { name: 'Many scripts' }).click()
    await summary(page).waitFor()
    expect(await rows(page).count()).toBe(6)
    await picture(page, 'scripts')
  })

  test('begins with the example that a link names', async () => {
    const page = await open(`${await serve()}/#A-refund`)
    await summary(page).waitFor()
    expect(await rows(page).first().textContent()).toContain('If a parcel arrives damaged')
  })

  test.each([
    ['lines.txt', 'one\n\ntwo\n'],
    ['objects.jsonl', '{"text":"one"}\n{"text":"two"}\n'],
    ['array.json', '["one", {"text": "two"}]'],
  ])('takes a file: %s', async (name, text) => {
    const page = await open(await serve())
    await page
      .getByLabel('Open a file')
      .setInputFiles({ name, mimeType: 'text/plain', buffer: Buffer.from(text) })
    await page.getByText('2 lines').waitFor()
    expect((await page.getByLabel('Documents').inputValue()).split('\n').filter(Boolean)).toEqual([
      'one',
      'two',
    ])
  })

  test('takes a file that is dropped', async () => {
    const page = await open(await serve())
    const data = await page.evaluateHandle(() => {
      const transfer = new DataTransfer()
      transfer.items.add(new File(['dropped\nlines'], 'dropped.txt'))
      return transfer
    })
    await page.getByLabel('Documents').dispatchEvent('drop', { dataTransfer: data })
    await page.getByText('2 lines').waitFor()
    expect(await page.getByLabel('Documents').inputValue()).toBe('dropped\nlines')
  })

  test('shows a hundred rows at a time', async () => {
    const page = await open(await serve())
    await rank(page, 'number', Array.from({ length: 250 }, (_, index) => `number ${index}`).join('\n'))
    await summary(page).waitFor()
    expect(await rows(page).count()).toBe(100)
    await page.getByRole('button', { name: 'Show 100 more of 150' }).click()
    await page.getByRole('button', { name: 'Show 50 more of 50' }).click()
    expect(await rows(page).count()).toBe(250)
  })
})

describe('the request', () => {
  const AWKWARD = `it's $HOME, \`id\` and "$(id)" \\ \u2028 end`

  test('can be copied as curl, which sends the same', async () => {
    const url = await serve()
    const page = await open(url)
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
    await rank(page, "what's $HOME", `${AWKWARD}\nother`)
    await page.getByText('as curl').click()
    await page.getByRole('button', { name: 'Copy the curl command' }).click()
    await page.getByText('Copied.').waitFor()
    const copied = await page.evaluate(() => navigator.clipboard.readText())
    expect(copied).toBe(await page.getByLabel('curl command').innerText())
    const env = { ...process.env, NEBIUS_API_KEY: 'any' }
    const { stdout } = await promisify(execFile)('bash', ['-c', copied.replace('curl ', 'curl --silent ')], {
      env,
    })
    const { results } = JSON.parse(stdout) as { results: { document: { text: string } }[] }
    expect(results[0]?.document.text).toBe(AWKWARD)
  })

  test('can be copied as TypeScript, which runs', async () => {
    const page = await open(await serve())
    await rank(page, "what's $HOME", `${AWKWARD}\nother`)
    await page.getByText('as TypeScript').click()
    const code = page.getByRole('region', { name: 'TypeScript' })
    await code.getByText('createRerankClient').waitFor()
    await command.write('copied.mjs', (await code.textContent()) ?? '')
    const { stdout } = await promisify(execFile)(process.execPath, [join(command.dir, 'copied.mjs')])
    expect(stdout).toMatch(/^0\.\d+ 0\n0\.\d+ 1\n$/)
    await picture(page, 'request')
  })
})

describe('a failure is a sentence', () => {
  test('where the query is missing, or the documents', async () => {
    const page = await open(await serve())
    await rank(page, '', 'a document')
    expect(await alert(page).textContent()).toBe('Type a query first.')
    expect(await page.getByLabel('Query').getAttribute('aria-invalid')).toBe('true')
    await rank(page, 'query', ' \n ')
    expect(await alert(page).textContent()).toBe('Add a document or more, one a line.')
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('documents')
  })

  test.each([
    ['the service fails', ['--fail-rate', '1'], 'The service failed with 503. Failed on demand. Try again.'],
    ['there were too many', ['--rate-limit', '1'], /^Too many requests\. Try again in \d\d seconds\.$/],
  ] as const)('where %s', async (_, args, sentence) => {
    const page = await open(await serve(...args))
    await rank(page, 'query', 'document')
    await summary(page).or(alert(page).getByText('.')).first().waitFor()
    await rank(page, 'query', 'document')
    await alert(page).getByText(sentence).waitFor()
    expect(await summary(page).count()).toBe(0)
    await picture(page, `failure-${args[0].slice(2)}`)
  })

  test('where the server is gone', async () => {
    const page = await open(await serve())
    servers[0]?.kill('SIGKILL')
    await rank(page, 'query', 'document')
    await alert(page)
      .getByText('The server can’t be reached. Is `nebius-rerank serve` still running?')
      .waitFor()
  })

  test('where a key is wanted, and goes when it is given', async () => {
    const page = await open(await serve('--api-key', 'right'))
    await rank(page, 'query', 'document')
    await alert(page).getByText('The server wants another key. Type it in the field for it.').waitFor()
    await picture(page, 'failure-key')
    await page.getByLabel('Key', { exact: true }).fill('right')
    await page.keyboard.press('Enter')
    await summary(page).waitFor()
    expect(await alert(page).textContent()).toBe('')
  })
})

describe('the keyboard alone', () => {
  test('goes through everything in order, and ranks', async () => {
    const page = await open(await serve())
    const reached: string[] = []
    for (let step = 0; step < 7; step += 1) {
      await page.keyboard.press('Tab')
      reached.push(
        await page.evaluate(() => document.activeElement?.id || document.activeElement?.textContent || ''),
      )
      const outline = await page.evaluate(() => {
        const focused = document.activeElement
        const shown = focused?.id === 'file' ? focused.nextElementSibling : focused
        return shown ? getComputedStyle(shown).outlineStyle : 'none'
      })
      expect(outline, reached.at(-1)).toBe('solid')
      if (reached.at(-1) === 'query') await page.keyboard.type('capital of France')
      if (reached.at(-1) === 'documents') await page.keyboard.insertText(CITIES)
    }
    expect(reached).toEqual([
      'query',
      'file',
      'documents',
      'A cold kitchen',
      'A refund',
      'Many scripts',
      'rank',
    ])
    await page.keyboard.press('Enter')
    await summary(page).waitFor()
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await page.getByRole('region', { name: 'curl command' }).waitFor()
  })

  test.each([
    ['Enter in the query', 'Query', 'Enter'],
    ['Control and Enter in the documents', 'Documents', 'Control+Enter'],
  ])('ranks by %s', async (_, field, keys) => {
    const page = await open(await serve())
    await page.getByLabel('Query').fill('query')
    await page.getByLabel('Documents').fill('document')
    await page.getByLabel(field).press(keys)
    await summary(page).waitFor()
  })
})

describe('hostile documents', () => {
  test('are text, whatever they hold', async () => {
    const documents = [
      '<img src=x onerror="alert(1)">',
      '<script>alert(1)</script>',
      '</textarea><svg onload=alert(1)>',
      '\u202Eright to left override\u202C',
      'שלום עולם, العربية',
      '👩‍👩‍👧‍👦 🏴󠁧󠁢󠁥󠁮󠁧󠁿 e\u0301',
      'javascript:alert(1)',
    ]
    const page = await open(await serve())
    await rank(page, '<b>query</b> <img src=x onerror=alert(1)>', documents.join('\n'))
    await summary(page).waitFor()
    const texts = await page.locator('.text').allTextContents()
    expect(texts.sort()).toEqual([...documents].sort())
    expect(await page.locator('main').locator('img, script, svg').count()).toBe(0)
    await page.getByText('as curl').click()
    expect(await page.locator('main').locator('img, script, svg').count()).toBe(0)
    await picture(page, 'hostile')
  })

  test('of a megabyte are shown in part, and whole when asked', async () => {
    const page = await open(await serve())
    await page.getByLabel('Open a file').setInputFiles({
      name: 'big.txt',
      mimeType: 'text/plain',
      buffer: Buffer.from(`${'x'.repeat(1_000_000)}\n${'word '.repeat(1_000)}\n`),
    })
    await page.getByText('2 lines').waitFor()
    await page.getByLabel('Query').fill('word')
    await page.getByLabel('Query').press('Enter')
    await summary(page).waitFor()
    await page.getByRole('button', { name: 'Show all 1,000,000 characters' }).click()
    expect(
      await page
        .locator('.text')
        .last()
        .evaluate((text) => text.textContent.length),
    ).toBe(1_000_000)
  })
})

describe('every state', () => {
  test.each([
    ['light', { colorScheme: 'light' }],
    ['dark', { colorScheme: 'dark' }],
    ['phone', { viewport: { width: 375, height: 812 }, isMobile: true, hasTouch: true }],
  ] as const)('passes axe-core: %s', async (name, options) => {
    const page = await open(await serve('--api-key', 'right'), options)
    expect(await violations(page)).toEqual([])
    await rank(page, '', '')
    expect(await violations(page)).toEqual([])
    await page.getByLabel('Key', { exact: true }).fill('right')
    await page.getByRole('button', { name: 'A cold kitchen' }).click()
    await summary(page).waitFor()
    await page.getByText('as curl').click()
    await page.getByText('as TypeScript').click()
    await page
      .locator('.bar')
      .last()
      .evaluate((bar) => Promise.all(bar.getAnimations().map((each) => each.finished)))
    expect(await violations(page)).toEqual([])
    await picture(page, `axe-${name}`)
  })

  test.each([375, 320])('fits %i pixels', async (width) => {
    const page = await open(await serve('--fail-rate', '0'), {
      viewport: { width, height: 812 },
      isMobile: true,
    })
    const overflow = () => page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
    expect(await overflow()).toBe(0)
    await rank(page, 'x'.repeat(200), `${'unbroken'.repeat(100)}\nshort`)
    await summary(page).waitFor()
    await page.getByText('as curl').click()
    await page.getByText('as TypeScript').click()
    expect(await overflow()).toBe(0)
    await rank(page, '', '')
    expect(await overflow()).toBe(0)
    await picture(page, `narrow-${width}`)
  })
})
