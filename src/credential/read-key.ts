/** The private key of a PEM file, opened with the passphrase where it is encrypted. */
import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { Secret } from '../base/secret.ts';
import type { FileSeen, KeySeen } from '../evidence/evidence.ts';
import { readPublicKey } from '../x509/algorithms.ts';
import { type PemBlock, readPem, whatIsNotPem } from '../x509/pem.ts';
import type { FileRead } from './read-file.ts';
import { seeWriting } from './see-writing.ts';

export interface KeyFile {
  readonly seen: FileSeen;
  /** Absent when the file holds no block of a private key. */
  readonly key?: KeySeen;
  /** Absent when the key did not decode or open. */
  readonly opened?: OpenedKey;
}

interface OpenedKey {
  readonly object: KeyObject;
  /** The block as it stands in the file, so still encrypted where it was. */
  readonly pem: Secret;
}

/** The first block of a private key counts, whatever else stands in the file. */
export function readKeyFile(file: FileRead, passphrase: Secret | undefined): KeyFile {
  const { octets } = file;
  if (octets === undefined) return { seen: file.seen };
  const seen = { ...file.seen, ...seeWriting(octets) };
  const blocks = readPem(octets.toString('utf8'));
  const keys = blocks.filter(({ label }) => label.endsWith('PRIVATE KEY'));
  const [block] = keys;
  if (block === undefined) {
    return {
      seen: { ...seen, content: blocks.length === 0 ? whatIsNotPem(octets) : 'wrong-block' },
    };
  }
  const read = isEncrypted(block)
    ? readEncryptedKey(seen, block, passphrase)
    : readClearKey(seen, block);
  return read.key && keys.length > 1
    ? { ...read, key: { ...read.key, blocks: keys.length } }
    : read;
}

function isEncrypted({ label, headers }: PemBlock): boolean {
  return label === 'ENCRYPTED PRIVATE KEY' || headers.some((line) => line.includes('ENCRYPTED'));
}

function readClearKey(seen: FileSeen, block: PemBlock): KeyFile {
  const object = openKey(block, undefined);
  const key = { ...keyFacts(object), label: block.label, encrypted: false };
  return object
    ? { seen, key, opened: { object, pem: new Secret(block.text) } }
    : { seen: { ...seen, content: 'unparsable' }, key };
}

/** Nothing but the passphrase tells whether an encrypted key decodes, so its content is never called unparsable. */
function readEncryptedKey(
  seen: FileSeen,
  block: PemBlock,
  passphrase: Secret | undefined,
): KeyFile {
  const base = { label: block.label, encrypted: true };
  if (block.der.length === 0) return { seen: { ...seen, content: 'unparsable' }, key: base };
  if (passphrase === undefined) return { seen, key: base };
  const object = openKey(block, passphrase);
  const key = { ...keyFacts(object), ...base, passphraseOpensIt: object !== undefined };
  return { seen, key, ...(object && { opened: { object, pem: new Secret(block.text) } }) };
}

function openKey({ text }: PemBlock, passphrase: Secret | undefined): KeyObject | undefined {
  try {
    return createPrivateKey({
      key: text,
      ...(passphrase && { passphrase: passphrase.reveal() }),
    });
  } catch {
    // The reason stands in codes that vary with the key's form and OpenSSL's version: it does not open.
    return undefined;
  }
}

function keyFacts(object: KeyObject | undefined): { algorithm?: string; bits?: number } {
  if (object === undefined) return {};
  const { asymmetricKeyType: algorithm, asymmetricKeyDetails: details } = object;
  const bits = details?.modulusLength ?? curveBits.get(details?.namedCurve ?? '');
  // The usual keys say it by themselves; to write one out and read it again takes half a millisecond.
  if (bits !== undefined && (algorithm === 'rsa' || algorithm === 'ec')) return { algorithm, bits };
  const spki = createPublicKey(object).export({ type: 'spki', format: 'der' });
  return readPublicKey(spki) ?? {};
}

/** By OpenSSL's names. */
const curveBits: ReadonlyMap<string, number> = new Map([
  ['prime256v1', 256],
  ['secp384r1', 384],
  ['secp521r1', 521],
]);
