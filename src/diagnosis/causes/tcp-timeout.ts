/** The dial got no answer at all. */
import type { Cause } from '../cause.ts';
import { failedDials, siblingInWords } from '../dialling.ts';

export const tcpTimeout: Cause = {
  code: 'tcp-timeout',
  title: 'The connection attempt got no answer',
  side: 'network',
  documentation:
    'Nothing answered the attempt to connect, which is what a firewall that drops packets looks like. Newer gateways use port 8443 where allow-lists still say 443. The sibling port is tried as well and told: when it answers, the address is right and the port is filtered. Have the port opened between this machine and the addresses listed.',
  explain({ evidence }) {
    const dials = failedDials(evidence, ['ETIMEDOUT', 'TIMEOUT']);
    return (
      dials && {
        confidence: dials.confidence,
        evidence: [dials.inWords, ...siblingInWords(evidence)],
        remedy: `Have the firewall open port ${evidence.target.port} from this machine to ${evidence.target.host}.`,
      }
    );
  },
};
