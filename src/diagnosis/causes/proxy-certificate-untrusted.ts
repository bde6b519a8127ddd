/** The proxy is spoken to over TLS, and its own certificate does not hold. */
import type { Cause } from '../cause.ts';
import { failedStep } from '../reading.ts';

const verificationErrors: readonly string[] = [
  'CERT_HAS_EXPIRED',
  'CERT_NOT_YET_VALID',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'INVALID_PURPOSE',
  'CERT_UNTRUSTED',
  'ERR_TLS_CERT_ALTNAME_INVALID',
];

export const proxyCertificateUntrusted: Cause = {
  code: 'proxy-certificate-untrusted',
  title: 'The certificate of the proxy is not trusted',
  side: 'proxy',
  documentation:
    'The proxy is configured with https://, so it has a certificate of its own, which has expired, is for another name, or leads to no authority that the system trusts. The gateway was never reached; its certificate has causes of its own, which begin with server-. A proxy that speaks no TLS at all is proxy-speaks-tls. Have the certificate of the proxy corrected, add its CA to the trust anchors of the system, or use http:// if the proxy takes it.',
  outranks: ['proxy-not-http'],
  explain({ evidence }) {
    const code = failedStep(evidence, 'proxy')?.error?.code ?? '';
    if (!verificationErrors.includes(code)) return undefined;
    return {
      confidence: 'certain',
      evidence: [
        `The certificate of the proxy ${evidence.target.proxy ?? ''} does not hold (${code}).`,
      ],
      remedy:
        'Have the certificate of the proxy corrected, or its CA added to the trust anchors of the system.',
    };
  },
};
