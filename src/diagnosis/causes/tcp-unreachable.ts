/** There is no way to the address. */
import type { Cause } from '../cause.ts';
import { failedDials } from '../dialling.ts';

const noRoute = [
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EHOSTDOWN',
  'ENETDOWN',
  'EADDRNOTAVAIL',
  'EACCES',
  'EPERM',
];

export const tcpUnreachable: Cause = {
  code: 'tcp-unreachable',
  title: 'There is no route to the gateway',
  side: 'network',
  documentation:
    'The system, or a router on the way, says that the address cannot be reached: no route, no interface of that kind (IPv6 in an IPv4 network), or a local rule forbids it. Check routing and network policies for the addresses listed.',
  explain({ evidence }) {
    const dials = failedDials(evidence, noRoute);
    return (
      dials && {
        confidence: dials.confidence,
        evidence: [dials.inWords],
        remedy: `Check the routes and network policies from this machine to ${evidence.target.host}.`,
      }
    );
  },
};
