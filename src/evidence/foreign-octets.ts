/** What a peer said that should have spoken another protocol: its name and a short, safe excerpt. */
import { sanitise } from '../base/sanitise.ts';
import { recogniseProtocol } from '../tls/first-octets.ts';
import type { NotTlsSeen } from './evidence.ts';

const excerptOctets = 32;

export function seeForeignOctets(octets: Uint8Array): NotTlsSeen {
  const excerpt = Buffer.from(octets.subarray(0, excerptOctets));
  const { protocol, httpStatus } = recogniseProtocol(octets) ?? { protocol: 'tls' };
  const httpServer = protocol === 'http' ? serverHeader(octets) : undefined;
  return {
    protocol,
    excerptHex: excerpt.toString('hex'),
    excerptText: sanitise(excerpt.toString('latin1')),
    ...(httpStatus !== undefined && { httpStatus }),
    ...(httpServer !== undefined && { httpServer }),
  };
}

/** Only a whole line counts: the octets may end anywhere. */
function serverHeader(octets: Uint8Array): string | undefined {
  const text = Buffer.from(octets).toString('latin1');
  const value = /\r?\nserver:[ \t]*([^\r\n]*)\r?\n/i.exec(text)?.[1]?.trim();
  return value ? sanitise(value) : undefined;
}
