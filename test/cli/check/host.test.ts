import { expect, test } from 'vitest'
import { hostVerdict } from '../../../src/cli/check/host.ts'

test.each([
  ['CERT_HAS_EXPIRED', 'has a certificate that is not valid now (CERT_HAS_EXPIRED)', 'Renew it'],
  ['CERT_NOT_YET_VALID', 'has a certificate that is not valid now (CERT_NOT_YET_VALID)', 'the clock'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'has a certificate for another host', '--base-url'],
  [
    'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    'has an untrusted certificate (UNABLE_TO_VERIFY_LEAF_SIGNATURE)',
    'NODE_EXTRA_CA',
  ],
  [
    'DEPTH_ZERO_SELF_SIGNED_CERT',
    'has an untrusted certificate (DEPTH_ZERO_SELF_SIGNED_CERT)',
    'NODE_EXTRA_CA_CERTS',
  ],
  ['INVALID_PURPOSE', 'has an untrusted certificate (INVALID_PURPOSE)', 'NODE_EXTRA_CA_CERTS'],
  ['EPROTO', 'does not speak TLS', 'http port'],
  ['EAI_AGAIN', 'is not known to DNS', 'network'],
  ['EHOSTUNREACH', 'can’t be reached: no route', 'network'],
])('says what %s means, and what to do', (code, message, advice) => {
  const cause = Object.assign(new Error('no route'), { code })
  const verdict = hostVerdict({
    baseUrl: 'https://service.test',
    model: 'm',
    hasKey: true,
    proxy: undefined,
    models: new Error('fetch failed', { cause }),
  })
  expect(verdict.message).toContain(message)
  expect(verdict.advice).toContain(advice)
})
