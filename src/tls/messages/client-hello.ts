/** ClientHello (RFC 9846 section 4.1.2, RFC 5246 section 7.4.1.2). */
import { OctetReader } from '../octet-reader.ts';
import type { ClientHello } from '../wire.ts';
import {
  bodyOf,
  type Extension,
  latin1,
  readExtensions,
  readProtocolNames,
  typesOf,
} from './extension-list.ts';

export interface ClientHelloRead {
  readonly hello: ClientHello;
  /** A copy: it names the connection in the key log. */
  readonly random: Uint8Array;
}

/** Undefined when the octets are no ClientHello. */
export function readClientHello(message: Uint8Array): ClientHelloRead | undefined {
  const reader = new OctetReader(message);
  const legacyVersion = reader.u16();
  const random = new Uint8Array(reader.take(32));
  reader.vector(1);
  const cipherSuites = reader.within(2).u16List();
  reader.vector(1);
  const extensions = readExtensions(reader);
  const serverName = readServerName(extensions);
  const hello: ClientHello = {
    legacyVersion,
    sizeBytes: message.length,
    supportedVersions: bodyOf(extensions, 43)?.within(1).u16List() ?? [],
    cipherSuites,
    groups: bodyOf(extensions, 10)?.within(2).u16List() ?? [],
    keyShares: readKeyShareGroups(extensions),
    signatureAlgorithms: bodyOf(extensions, 13)?.within(2).u16List() ?? [],
    pointFormats: [...(bodyOf(extensions, 11)?.vector(1) ?? [])],
    extensions: typesOf(extensions),
    alpn: readAlpn(extensions),
    ...(serverName !== undefined && { serverName }),
  };
  return reader.ok ? { hello, random } : undefined;
}

/** RFC 6066 section 3: a list, of which only host_name (0) exists. */
function readServerName(extensions: readonly Extension[]): string | undefined {
  const list = bodyOf(extensions, 0)?.within(2);
  while (list !== undefined && list.left > 0) {
    const type = list.u8();
    const name = list.vector(2);
    if (type === 0) return latin1(name);
  }
  return undefined;
}

function readKeyShareGroups(extensions: readonly Extension[]): number[] {
  const groups: number[] = [];
  const list = bodyOf(extensions, 51)?.within(2);
  while (list !== undefined && list.left > 0) {
    groups.push(list.u16());
    list.vector(2);
  }
  return groups;
}

function readAlpn(extensions: readonly Extension[]): string[] {
  const body = bodyOf(extensions, 16);
  return body ? readProtocolNames(body) : [];
}
