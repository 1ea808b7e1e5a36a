import type { Page } from 'playwright-core'

/** A state of the page, and how to get there from an open one. */
export interface State {
  name: string
  /** Options of the command that serves it. */
  serve?: readonly string[]
  enter: (page: Page) => Promise<void>
}

const LONG = [
  'Bread rises because yeast turns sugar into carbon dioxide, which the gluten holds. ',
  'In a cold kitchen the yeast works slowly, and the dough takes twice as long. ',
  'Bakers use that on purpose: a night in the fridge gives flavour that an hour in the warm never does. ',
]

const LINES = (count: number): string =>
  Array.from(
    { length: count },
    (_, n) => `Note ${n + 1}: ${LONG[n % 3] ?? ''}${n % 7 === 0 ? 'Cold dough. ' : ''}`,
  ).join('\n')

/** Every state that a reader can see. */
export const STATES: readonly State[] = [
  { name: 'empty', enter: async (): Promise<void> => undefined },
  { name: 'ranked', enter: (page: Page): Promise<void> => example(page, 'A cold kitchen') },
  { name: 'scripts', enter: (page: Page): Promise<void> => example(page, 'Many scripts') },
  {
    name: 'long',
    enter: (page: Page): Promise<void> =>
      rank(
        page,
        'why does dough rise slowly in the cold',
        Array.from({ length: 6 }, (_, n) => LONG[n % 3]?.repeat(20) ?? '').join('\n'),
      ),
  },
  {
    name: 'whole',
    enter: async (page: Page): Promise<void> => {
      await rank(page, 'cold', `${LONG.join('').repeat(4)}\n${LONG[0] ?? ''}`)
      await page.getByRole('button', { name: 'More' }).click()
    },
  },
  {
    name: 'passage',
    enter: async (page: Page): Promise<void> => {
      const text = LONG.join('').repeat(5)
      const start = text.indexOf('Bakers', 900)
      await page.route('**/v1/rerank', (route) =>
        route.fulfill({
          json: { results: [{ index: 0, relevance_score: 0.9, passage: { start, end: start + 98 } }] },
        }),
      )
      await rank(page, 'a night in the fridge', text)
    },
  },
  {
    name: 'compact',
    enter: (page: Page): Promise<void> => rank(page, 'cold dough in the fridge', LINES(50)),
  },
  {
    name: 'found',
    enter: async (page: Page): Promise<void> => {
      await rank(page, 'cold dough', LINES(20))
      await page.getByLabel('Find in results').fill('fridge')
    },
  },
  {
    name: 'threshold',
    enter: async (page: Page): Promise<void> => {
      await example(page, 'A cold kitchen')
      await page.getByLabel('Threshold').fill('50')
    },
  },
  {
    name: 'stale',
    enter: async (page: Page): Promise<void> => {
      await example(page, 'A cold kitchen')
      await page.getByLabel('Query', { exact: true }).fill('Something else')
      await page.getByText('The input has changed.').waitFor()
    },
  },
  {
    name: 'loading',
    serve: ['--latency', '60000'],
    enter: async (page: Page): Promise<void> => {
      await fill(page, 'cold dough', LINES(20))
      await page.getByRole('button', { name: 'Rank', exact: true }).click()
      await page.getByRole('button', { name: 'Cancel' }).waitFor()
    },
  },
  {
    name: 'cancelled',
    serve: ['--latency', '60000'],
    enter: async (page: Page): Promise<void> => {
      await fill(page, 'cold dough', LINES(20))
      await page.getByRole('button', { name: 'Rank', exact: true }).click()
      await page.getByRole('button', { name: 'Cancel' }).click()
      await page.getByText('Cancelled.').waitFor()
    },
  },
  {
    name: 'binary',
    enter: async (page: Page): Promise<void> => {
      const buffer = Buffer.from('%PDF-1.4\0\0\0')
      await page
        .getByLabel('Open a file')
        .setInputFiles({ name: 'a.pdf', mimeType: 'application/pdf', buffer })
      await page.getByText('a.pdf is not a text file.').waitFor()
    },
  },
  {
    name: 'missing',
    enter: async (page: Page): Promise<void> => {
      await page.getByRole('button', { name: 'Rank', exact: true }).click()
      await page.getByText('Type a query first.').waitFor()
    },
  },
  {
    name: 'unreadable',
    enter: async (page: Page): Promise<void> => {
      await page.getByLabel('Documents').fill('[{"text": "a"},')
      await page.getByRole('combobox', { name: 'Read as' }).selectOption('json')
      await page.getByText('This is not JSON').waitFor()
    },
  },
  {
    name: 'failed',
    serve: ['--fail-rate', '1'],
    enter: async (page: Page): Promise<void> => {
      await fill(page, 'cold dough', LINES(4))
      await page.getByRole('button', { name: 'Rank', exact: true }).click()
      await page.getByText('The service failed with 503.').waitFor()
    },
  },
  {
    name: 'key',
    serve: ['--api-key', 'right'],
    enter: async (page: Page): Promise<void> => {
      await fill(page, 'cold dough', LINES(4))
      await page.getByRole('button', { name: 'Rank', exact: true }).click()
      await page.getByText('This server asks for a key.').waitFor()
    },
  },
  {
    name: 'json',
    enter: (page: Page): Promise<void> =>
      rank(
        page,
        'cold dough',
        JSON.stringify(
          LONG.map((body, id) => ({ id: `n${id}`, title: `Note ${id}`, meta: { body } })),
          null,
          2,
        ),
        'json',
      ),
  },
  {
    name: 'csv',
    enter: (page: Page): Promise<void> =>
      rank(
        page,
        'dough',
        `id,title,text\n${LONG.map((text, id) => `${id},Note ${id},"${text}"`).join('\n')}`,
        'csv',
      ),
  },
  { name: 'tied', enter: (page: Page): Promise<void> => rank(page, 'dough', 'one\ndough\ntwo\nthree') },
  {
    name: 'compared',
    enter: async (page: Page): Promise<void> => {
      await fill(page, 'Why does bread dough rise slowly in a cold kitchen?', LINES(8))
      await page.getByRole('combobox', { name: 'Compare' }).selectOption('queries')
      await page.getByLabel('Query B').fill('a night in the fridge gives flavour')
      await page.getByRole('button', { name: 'Rank', exact: true }).click()
      await ranked(page)
    },
  },
  {
    name: 'compared-compact',
    enter: async (page: Page): Promise<void> => {
      await fill(page, 'cold dough', LINES(50))
      await page.getByRole('combobox', { name: 'Compare' }).selectOption('instructions')
      await page.getByLabel('Instruction B').fill('Find what gives bread its flavour')
      await page.getByRole('button', { name: 'Rank', exact: true }).click()
      await ranked(page)
    },
  },
  {
    name: 'shared',
    enter: async (page: Page): Promise<void> => {
      await example(page, 'A refund')
      await page.getByRole('button', { name: 'Share' }).click()
      await page.getByRole('dialog').getByText('TypeScript', { exact: true }).click()
    },
  },
  {
    name: 'hostile',
    enter: (page: Page): Promise<void> =>
      rank(
        page,
        '<b>query</b>',
        [
          '<img src=x onerror="alert(1)">',
          `${'unbroken'.repeat(100)}`,
          '\u202Eright to left\u202C',
          'שלום עולם, العربية',
          '👩‍👩‍👧‍👦 🏴󠁧󠁢󠁥󠁮󠁧󠁿 e\u0301',
        ].join('\n'),
      ),
  },
]

/** Fills in a query and documents. */
export async function fill(page: Page, query: string, documents: string, kind = 'text'): Promise<void> {
  await page.getByLabel('Query', { exact: true }).fill(query)
  await page.getByLabel('Documents').fill(documents)
  await page.getByRole('combobox', { name: 'Read as' }).selectOption(kind)
}

/** Ranks documents, and waits for the ranking. */
export async function rank(page: Page, query: string, documents: string, kind = 'text'): Promise<void> {
  await fill(page, query, documents, kind)
  await page.getByRole('button', { name: 'Rank', exact: true }).click()
  await ranked(page)
}

/** Resolves when a ranking is shown. */
export async function ranked(page: Page): Promise<void> {
  await page.getByText(/^\d[\d,]* documents?, .*ms$/).waitFor()
}

async function example(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name }).click()
  await ranked(page)
}
