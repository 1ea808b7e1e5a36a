// Next.js itself is linked to from elsewhere.
export default { turbopack: { root: '/' } }
