/** Large packets vanish on the way, small ones do not. */
import type { Evidence } from '../../evidence/evidence.ts';
import type { Cause } from '../cause.ts';
import { experimentInWords, experimentsWith } from '../experiments.ts';
import { brokenHandshake } from '../handshake.ts';
import { refusalOf } from '../refusal.ts';

export const pathMtuBlackHole: Cause = {
  code: 'path-mtu-black-hole',
  title: 'Large packets vanish on the way to the gateway',
  side: 'network',
  documentation:
    'The handshake went well until our certificate flight, which is the first thing we send that fills whole packets, and then nothing came back. It is likely when the same attempt without a client certificate, which is small, got an answer at once; until that was tried it is only possible, and a gateway that hangs over our certificate looks the same. A gateway that refuses says so, closes or resets. Have the MSS clamped, or let ICMP packet-too-big through, on tunnels and VPNs between here and the gateway.',
  outranks: ['gateway-refused-our-certificate', 'http-no-answer', 'handshake-timeout'],
  explain({ evidence }) {
    if (!isSilentAfterFlight(evidence) || !evidence.tls?.clientCertificateSent) return undefined;
    const small = experimentsWith(evidence, 'no-client-certificate');
    const answered = small.find(({ error }) => error !== 'TIMEOUT' && error !== 'ETIMEDOUT');
    if (small.length > 0 && !answered) return undefined;
    return {
      confidence: answered ? 'likely' : 'possible',
      evidence: [
        'Nothing came back after our certificate flight.',
        ...(answered ? [experimentInWords(answered)] : []),
      ],
      remedy: 'Have the MSS clamped, or ICMP let through, on the way between here and the gateway.',
    };
  },
};

function isSilentAfterFlight(evidence: Evidence): boolean {
  if (refusalOf(evidence)?.by === 'silence') return true;
  const broken = brokenHandshake(evidence);
  return broken?.how === 'timeout' && broken.tls.progress.finishedSent;
}
