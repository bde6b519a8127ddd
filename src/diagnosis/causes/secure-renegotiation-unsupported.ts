/** The peer knows nothing of secure renegotiation, and our library then refuses to go on. */
import type { Cause } from '../cause.ts';
import { failedStep } from '../reading.ts';

const legacyOnly = 'ERR_SSL_UNSAFE_LEGACY_RENEGOTIATION_DISABLED';

export const secureRenegotiationUnsupported: Cause = {
  code: 'secure-renegotiation-unsupported',
  title: 'The gateway does not support secure renegotiation',
  side: 'gateway',
  documentation:
    'The server chose TLS 1.2 or older and its ServerHello lacks the renegotiation_info extension (RFC 5746). OpenSSL 3, and so this program, ends such a handshake with an error of its own before anyone is judged; older clients and Java go on, which is why it works elsewhere. Old load balancers and inspecting proxies are the usual ones. Have the gateway updated, or allow TLS 1.3 there.',
  explain({ evidence }) {
    if (failedStep(evidence, 'tls')?.error?.code !== legacyOnly) return undefined;
    return {
      confidence: 'certain',
      evidence: [
        `Our TLS library ended the handshake with ${legacyOnly}.`,
        ...(evidence.tls?.version ? [`The server chose TLS ${evidence.tls.version}.`] : []),
      ],
      remedy: 'Have the gateway updated to secure renegotiation (RFC 5746) or to TLS 1.3.',
    };
  },
};
