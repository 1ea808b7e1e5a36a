import { existsSync } from 'node:fs'

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

/** The Chromium of this machine. @throws Error if there is none */
export function chromiumPath(): string {
  const path = [process.env['CHROMIUM'] ?? '', ...PLACES].find(existsSync)
  if (path === undefined) {
    throw new Error('Chromium is missing: apt-get install chromium, or name one in CHROMIUM')
  }
  return path
}

/** Flags that keep it from calling anybody by itself. */
export const QUIET = [
  '--no-sandbox',
  '--no-first-run',
  ...['background-networking', 'component-update', 'sync', 'quic', 'gpu'].map((what) => `--disable-${what}`),
]
