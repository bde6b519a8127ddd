/** The gateway speaks none of the application protocols that we offer. */
import type { Cause } from '../cause.ts';
import { alertInWords, receivedAlert } from '../reading.ts';

const noApplicationProtocol = 120;

export const alpnMismatch: Cause = {
  code: 'alpn-mismatch',
  title: 'The gateway speaks none of the application protocols we offer',
  side: 'gateway',
  documentation:
    'The gateway answered with the alert no_application_protocol: its ALPN list and ours have nothing in common. Offer what it speaks with --alpn, or have http/1.1 allowed at the gateway.',
  explain({ evidence }) {
    const alert = receivedAlert(evidence, noApplicationProtocol);
    if (!alert) return undefined;
    const offered = evidence.tls?.clientHello?.alpn ?? [];
    return {
      confidence: 'certain',
      evidence: [alertInWords(alert), `We offered ${offered.join(', ') || 'no protocol'}.`],
      remedy: 'Have the gateway allow http/1.1 in ALPN, or offer with --alpn what it speaks.',
    };
  },
};
