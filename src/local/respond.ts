/** A JSON response under a fresh `x-request-id`. */
export function jsonResponse(
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): Response {
  return new Response(JSON.stringify(body), {
    status,
    headers: { 'content-type': 'application/json', 'x-request-id': randomHex(), ...headers },
  })
}

/** 128 random bits. */
export function randomHex(): string {
  return crypto.randomUUID().replaceAll('-', '')
}
