/** True for a wrong key and an account without credit, which only a person can correct. */
export function isForSomebody({ kind }: { readonly kind: string }): boolean {
  return kind === 'authentication' || kind === 'payment'
}

/** True if a ranking uses its `fallback` for an error. */
export function fallsBack(error: { readonly kind: string }, fallback: unknown): boolean {
  return fallback !== undefined && (fallback !== 'keep-order' || !isForSomebody(error))
}
