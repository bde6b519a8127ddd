/** The machine was reached, and nothing listens on the port. */
import type { Cause } from '../cause.ts';
import { failedDials, siblingInWords } from '../dialling.ts';

export const tcpRefused: Cause = {
  code: 'tcp-refused',
  title: 'The connection was refused',
  side: 'network',
  documentation:
    'The address answered that nothing listens on this port, or a firewall answered so in its place. Check the port: newer gateways use 8443 where older ones use 443. The sibling port is tried as well and told. When the port is right, the gateway has no listener there at the moment; where it had one at an earlier look it is gateway-not-listening.',
  explain({ evidence }) {
    const dials = failedDials(evidence, ['ECONNREFUSED']);
    return (
      dials && {
        confidence: dials.confidence,
        evidence: [dials.inWords, ...siblingInWords(evidence)],
        remedy: `Check that ${evidence.target.port} is the right port, and that the gateway listens on it.`,
      }
    );
  },
};
