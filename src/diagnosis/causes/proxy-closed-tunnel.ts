/** The proxy opened a tunnel, and nothing came through it. */
import type { Evidence } from '../../evidence/evidence.ts';
import type { Cause, Confidence } from '../cause.ts';
import {
  acceptedWith,
  allEndedAlike,
  experimentsInWords,
  experimentsWith,
} from '../experiments.ts';
import { brokenHandshake, octetsInWords } from '../handshake.ts';
import { hasPassed } from '../reading.ts';

export const proxyClosedTunnel: Cause = {
  code: 'proxy-closed-tunnel',
  title: 'The proxy opened a tunnel and closed it at once',
  side: 'proxy',
  documentation:
    'The proxy answered CONNECT with success, and the tunnel ended before a single TLS record came back. Either the policy of the proxy cuts the connection when it sees TLS to this host, or what it connected to did. It is certain when the direct way was accepted, and only possible when that ends alike. Compare with a direct connection where one is possible.',
  outranks: ['handshake-reset', 'handshake-closed', 'tcp-reset-on-accept'],
  explain({ evidence }) {
    const broken = brokenHandshake(evidence);
    if (!broken || !hasPassed(evidence, 'proxy')) return undefined;
    if (broken.how !== 'close' && broken.how !== 'reset') return undefined;
    if (broken.tls.progress.octetsReceived > 0) return undefined;
    return {
      confidence: confidenceOf(evidence),
      evidence: [
        `The proxy ${evidence.target.proxy ?? ''} opened the tunnel; it ended by a ${broken.how}.`,
        octetsInWords(broken.tls),
        ...experimentsInWords(...experimentsWith(evidence, 'without-proxy')),
      ],
      remedy: 'Ask the operators of the proxy whether its policy or its upstream cuts this tunnel.',
    };
  },
};

function confidenceOf(evidence: Evidence): Confidence {
  if (acceptedWith(evidence, 'without-proxy')) return 'certain';
  return allEndedAlike(evidence, 1, 'without-proxy') ? 'possible' : 'likely';
}
