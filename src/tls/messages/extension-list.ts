/** The list of extensions that hello messages, certificates and requests end with (RFC 9846 section 4.2). */
import { sanitise } from '../../base/sanitise.ts';
import type { OctetReader } from '../octet-reader.ts';

export interface Extension {
  readonly type: number;
  /** Over its body; a failure there fails the whole message. */
  readonly body: OctetReader;
}

/** In the order sent. A message may end without any. */
export function readExtensions(message: OctetReader): Extension[] {
  const extensions: Extension[] = [];
  if (message.left === 0) return extensions;
  const list = message.within(2);
  while (list.left > 0) extensions.push({ type: list.u16(), body: list.within(2) });
  return extensions;
}

/** The body of the first extension of that type. */
export function bodyOf(extensions: readonly Extension[], type: number): OctetReader | undefined {
  return extensions.find((extension) => extension.type === type)?.body;
}

export const typesOf = (extensions: readonly Extension[]): number[] =>
  extensions.map(({ type }) => type);

/** Names of an ALPN extension, an octet a character (RFC 7301 section 3.1). */
export function readProtocolNames(body: OctetReader): string[] {
  const names: string[] = [];
  const list = body.within(2);
  while (list.left > 0) names.push(latin1(list.vector(1)));
  return names;
}

/** The one protocol that a server chose, safe to print. */
export function readChosenProtocol(extensions: readonly Extension[]): string | undefined {
  const body = bodyOf(extensions, 16);
  const name = body && readProtocolNames(body)[0];
  return name === undefined ? undefined : sanitise(name);
}

/** How many timestamps a SignedCertificateTimestampList holds (RFC 6962 section 3.3). */
export function countTimestamps(body: OctetReader): number {
  let count = 0;
  const list = body.within(2);
  while (list.left > 0) {
    list.vector(2);
    count += 1;
  }
  return count;
}

export function latin1(octets: Uint8Array): string {
  return Buffer.from(octets.buffer, octets.byteOffset, octets.length).toString('latin1');
}
