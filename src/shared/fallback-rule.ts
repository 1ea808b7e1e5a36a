/** Tells of a wrong key and of an account without credit: nothing helps until somebody sees it. */
export function isForSomebody({ kind }: { readonly kind: string }): boolean {
  return kind === 'authentication' || kind === 'payment'
}

/** Tells whether a ranking's `fallback` is asked what to do about an error. */
export function fallsBack(error: { readonly kind: string }, fallback: unknown): boolean {
  return fallback !== undefined && (fallback !== 'keep-order' || !isForSomebody(error))
}
