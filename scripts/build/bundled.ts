/** Other packages inside the embedded endpoint and the command; the build refuses any that is not listed. */
export const BUNDLED = {
  endpoint: ['ajv'],
  command: ['csv-parse', 'fzstd', 'iconv-lite', 'safer-buffer'],
} as const
