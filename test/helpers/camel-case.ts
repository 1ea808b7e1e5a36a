/** True for a request with a field in camel case, which the contract admits and the client does not. */
export function hasCamelCase(request: unknown): boolean {
  return Object.keys(Object(request) as object).some((name) => /^[a-z]+[A-Z]/.test(name))
}
