/** The server's part of the key exchange is too weak for our library. */
import type { Cause } from '../cause.ts';
import { failedStep } from '../reading.ts';

const weakErrors: readonly string[] = ['ERR_SSL_DH_KEY_TOO_SMALL', 'ERR_SSL_BAD_DH_VALUE'];

export const serverKeyExchangeWeak: Cause = {
  code: 'server-key-exchange-weak',
  title: 'The Diffie-Hellman parameters of the gateway are too weak',
  side: 'gateway',
  documentation:
    'The gateway chose a cipher suite with finite-field Diffie-Hellman and sent a prime of fewer than 2048 bits. OpenSSL ends the handshake with an error of its own; other clients may go on. It is not the certificate, whose strength is server-certificate-weak. Have the gateway use larger parameters or, better, elliptic curves.',
  explain({ evidence }) {
    const code = failedStep(evidence, 'tls')?.error?.code ?? '';
    if (!weakErrors.includes(code)) return undefined;
    const { cipherSuite } = evidence.tls ?? {};
    return {
      confidence: 'certain',
      evidence: [
        `Our TLS library ended the handshake with ${code}.`,
        ...(cipherSuite === undefined ? [] : [`The server chose ${cipherSuite}.`]),
      ],
      remedy: 'Have the gateway use ECDHE cipher suites, or Diffie-Hellman with 2048 bits.',
    };
  },
};
