/** Octets were changed on the way. */
import type { Cause } from '../cause.ts';
import { alertInWords, failedStep, receivedAlert, sentAlert } from '../reading.ts';

const badRecordMac = 20;
const decryptionFailed = 21;
const decryptErrors: readonly string[] = [
  'ERR_SSL_DECRYPTION_FAILED_OR_BAD_RECORD_MAC',
  'ERR_SSL_BAD_RECORD_MAC',
];

export const recordCorrupted: Cause = {
  code: 'record-corrupted',
  title: 'Records were changed on the way',
  side: 'network',
  documentation:
    'A protected record failed its integrity check, at the gateway (alert bad_record_mac) or here. TLS detects this and ends the connection. A middlebox or a faulty network card changes octets. Compare direct and proxied connections, and look again.',
  outranks: ['malformed-tls', 'gateway-refused-our-certificate'],
  explain({ evidence }) {
    const alert =
      receivedAlert(evidence, badRecordMac, decryptionFailed) ??
      sentAlert(evidence, badRecordMac, decryptionFailed);
    const code = failedStep(evidence, 'tls')?.error?.code ?? '';
    if (!alert && !decryptErrors.includes(code)) return undefined;
    return {
      confidence: alert ? 'certain' : 'likely',
      evidence: [alert ? alertInWords(alert) : `A record did not decrypt here (${code}).`],
      remedy:
        'Look again and compare with a direct connection; a middlebox or faulty hardware changes octets.',
    };
  },
};
