/** The gateway speaks none of the application protocols that we offer. */
import type { Cause } from '../cause.ts';
import { answeredWith, experimentsInWords } from '../experiments.ts';
import { alertInWords, receivedAlert } from '../reading.ts';

const noApplicationProtocol = 120;

export const alpnMismatch: Cause = {
  code: 'alpn-mismatch',
  title: 'The gateway speaks none of the application protocols we offer',
  side: 'gateway',
  documentation:
    'The gateway answered with the alert no_application_protocol: its ALPN list and ours have nothing in common. Some say handshake_failure or close in its place; then it takes an attempt without ALPN that is answered, and is likely. Offer what it speaks with --alpn, or have http/1.1 allowed at the gateway.',
  outranks: ['no-shared-cipher-suite', 'gateway-handshake-refused', 'handshake-closed'],
  explain({ evidence }) {
    const alert = receivedAlert(evidence, noApplicationProtocol);
    const without = answeredWith(evidence, 'no-alpn');
    if (!alert && !without) return undefined;
    const offered = evidence.tls?.clientHello?.alpn ?? [];
    return {
      confidence: alert ? 'certain' : 'likely',
      evidence: [
        ...(alert ? [alertInWords(alert)] : []),
        `We offered ${offered.join(', ') || 'no protocol'}.`,
        ...experimentsInWords(without),
      ],
      remedy: 'Have the gateway allow http/1.1 in ALPN, or offer with --alpn what it speaks.',
    };
  },
};
