/** What a peer said that should have spoken another protocol: its name and a short, safe excerpt. */
import { sanitise } from '../base/sanitise.ts';
import { recogniseProtocol } from '../tls/first-octets.ts';
import type { NotTlsSeen } from './evidence.ts';

const excerptOctets = 32;

export function seeForeignOctets(octets: Uint8Array): NotTlsSeen {
  const excerpt = Buffer.from(octets.subarray(0, excerptOctets));
  const { protocol, httpStatus } = recogniseProtocol(octets) ?? { protocol: 'tls' };
  return {
    protocol,
    excerptHex: excerpt.toString('hex'),
    excerptText: sanitise(excerpt.toString('latin1')),
    ...(httpStatus !== undefined && { httpStatus }),
  };
}
