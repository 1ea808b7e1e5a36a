export { GET } from '../smoke.js'
export const runtime = 'edge'
