/** Protected records of one direction under one set of keys: opened as we read them, sealed as a peer would. */
import { bulkCipher } from './bulk-cipher.ts';
import { keyBlock, type MasterSecret, trafficKeys } from './key-schedule.ts';
import type { TlsRecord } from './record-reader.ts';
import { Tls12AeadProtection } from './tls12-aead-protection.ts';
import { Tls12CbcProtection } from './tls12-cbc-protection.ts';
import { Tls13Protection } from './tls13-protection.ts';

/** Has a life: it counts records, and its keys are zeroed at the end. */
export interface RecordProtection {
  /** Advances the sequence number only when the record authenticates; undefined when it does not. */
  open(record: TlsRecord): OpenedRecord | undefined;
  /** A whole record with its header; advances the sequence number. */
  seal(contentType: number, content: Uint8Array): Uint8Array;
  /** Counts a record that nobody looks into. */
  skip(): void;
  /** Zeroes the keys. Nothing opens afterwards. */
  forget(): void;
}

export interface OpenedRecord {
  readonly contentType: number;
  /** A buffer of its own, without padding. */
  readonly content: Uint8Array;
}

/**
 * TLS 1.3 protection from a traffic secret, as the key log names it (`SERVER_TRAFFIC_SECRET_0`), starting at
 * sequence number 0. Undefined for a suite that is not known here.
 */
export function protectionFromSecret(
  secret: Uint8Array,
  cipherSuite: number,
): RecordProtection | undefined {
  const cipher = bulkCipher(cipherSuite);
  if (cipher?.kind !== 'aead') return undefined;
  return new Tls13Protection(cipher, trafficKeys(secret, cipher));
}

export interface Tls12Parameters extends MasterSecret {
  readonly cipherSuite: number;
  readonly encryptThenMac: boolean;
}

/** TLS 1.2 protection of what `writer` sends after its ChangeCipherSpec. Undefined as above. */
export function protectionFromMasterSecret(
  parameters: Tls12Parameters,
  writer: 'client' | 'server',
): RecordProtection | undefined {
  const cipher = bulkCipher(parameters.cipherSuite);
  if (cipher === undefined) return undefined;
  const keys = keyBlock(parameters, cipher, writer);
  return cipher.kind === 'aead'
    ? new Tls12AeadProtection(cipher, keys)
    : new Tls12CbcProtection(cipher, keys, parameters.encryptThenMac);
}

/** One record, header and all, as a peer with these keys would send it next. */
export function sealRecord(
  protection: RecordProtection,
  contentType: number,
  plaintext: Uint8Array,
): Uint8Array {
  return protection.seal(contentType, plaintext);
}
