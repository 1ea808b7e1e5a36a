/** What the embedded endpoint and the command hold of other packages; the build refuses what is not listed. */
export const BUNDLED = {
  endpoint: ['ajv'],
  command: ['csv-parse', 'fzstd', 'iconv-lite', 'safer-buffer'],
} as const
