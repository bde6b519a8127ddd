/** A Java trust store of any format, told apart by its first octets. */
import type { TrustStoreFormat } from '../../evidence/evidence.ts';
import { derTags, readChildren, readObjectIdentifier, readSequence } from '../../x509/der.ts';
import { isPkcs12 } from '../../x509/pem.ts';
import { isJks, readJks } from './jks.ts';
import { readPkcs12 } from './pkcs12.ts';
import { faulty, type StoreContents } from './store-contents.ts';
import type { StorePassword } from './store-password.ts';

export interface TrustStore extends StoreContents {
  readonly format: TrustStoreFormat;
}

/** Total: whatever the octets are, it says what it can. */
export function readTrustStore(octets: Buffer, password: StorePassword): TrustStore {
  const format = formatOf(octets);
  switch (format) {
    case 'jks':
      return { format, ...readJks(octets, password) };
    case 'pkcs12':
      return { format, ...readPkcs12(octets, password) };
    default:
      return { format, ...faulty('unreadable-format') };
  }
}

function formatOf(octets: Buffer): TrustStoreFormat {
  if (isJks(octets)) return 'jks';
  if (octets.length > 4 && octets.readUInt32BE() === 0xcececece) return 'jceks';
  if (isPkcs12(octets)) return 'pkcs12';
  if (isBcfks(octets)) return 'bcfks';
  return octets.subarray(0, 4096).includes('-----BEGIN ') ? 'pem' : 'unknown';
}

const pbes2 = '1.2.840.113549.1.5.13';

/** Bouncy Castle's own format: encrypted contents first, then what proves their integrity. */
function isBcfks(octets: Uint8Array): boolean {
  const [contents] = readSequence(octets) ?? [];
  const [algorithm] = readChildren(contents, derTags.sequence) ?? [];
  const [identifier] = readChildren(algorithm, derTags.sequence) ?? [];
  return readObjectIdentifier(identifier) === pbes2;
}
