/** @type {import('./caller.d.ts').Create} */
export function create({ baseUrl, key, model }) {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${key}` }
  return async (query, documents, caller) => {
    const controller = new AbortController()
    const timer = setTimeout(() => controller.abort(new Error('timed out')), 60_000)
    const signal = caller ? AbortSignal.any([caller, controller.signal]) : controller.signal
    try {
      const body = JSON.stringify({ model, query, documents })
      const response = await fetch(`${baseUrl}/v1/rerank`, { method: 'POST', headers, body, signal })
      if (!response.ok) throw new Error(`answered ${response.status}`)
      return await response.json()
    } finally {
      clearTimeout(timer)
    }
  }
}
