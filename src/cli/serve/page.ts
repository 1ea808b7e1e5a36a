import { readFile } from 'node:fs/promises'
import { spec } from '../../index.ts'

/** The facts that the page needs of its server. */
export interface PageSettings {
  /** The hosted model ranks. */
  live: boolean
  /** Callers need a key, which the reader has to type. */
  needsKey: boolean
  model: string
  /** Where the hosted service is; the page itself otherwise. */
  baseUrl: string | undefined
}

const FILES: Readonly<Record<string, readonly [file: string, type: string]>> = {
  '/': ['index.html', 'text/html'],
  '/page/style.css': ['style.css', 'text/css'],
  '/page/main.js': ['main.js', 'text/javascript'],
  '/page/icon.svg': ['icon.svg', 'image/svg+xml'],
}

/** Nothing runs, and nothing is fetched, but what this server serves as a file. */
const HEADERS = {
  'content-security-policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; '),
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-cache',
}

/** Serves the page's files; `undefined` for a request that is for none of them. */
export function createPage(settings: PageSettings): (request: Request) => Promise<Response | undefined> {
  return async ({ method, url }) => {
    if (method !== 'GET' && method !== 'HEAD') return undefined
    const { pathname } = new URL(url)
    if (pathname === '/page/settings.json') {
      return Response.json({ ...settings, spec: spec.version }, { headers: HEADERS })
    }
    const [file, type] = Object.hasOwn(FILES, pathname) ? (FILES[pathname] ?? []) : []
    if (file === undefined || type === undefined) return undefined
    const bytes = await readFile(new URL(`page/${file}`, import.meta.url))
    return new Response(method === 'HEAD' ? null : bytes, {
      headers: { ...HEADERS, 'content-type': `${type}; charset=utf-8` },
    })
  }
}
