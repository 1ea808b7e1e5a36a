/** A failure in the API's own shape. */
export function failure(status: number, detail: string, headers: Record<string, string> = {}): Response {
  return Response.json({ detail }, { status, headers })
}
