/** Writes Java trust stores, whole and wrong, octet by octet. */
import { createCipheriv, createHash, pbkdf2Sync } from 'node:crypto';
import { objectIdentifier, sequence, set, tlv, utf8String } from './der-writer.ts';

export interface JksContent {
  /** DER of trusted entries. */
  readonly anchors?: readonly Uint8Array[];
  /** DER of the chains of key entries, leaf first. */
  readonly keyChains?: readonly (readonly Uint8Array[])[];
  readonly password?: string;
  readonly version?: 1 | 2;
}

export function jks(content: JksContent): Buffer {
  const { anchors = [], keyChains = [], password = 'changeit', version = 2 } = content;
  const certificate = (der: Uint8Array): Buffer =>
    Buffer.concat([version === 2 ? utf('X.509') : Buffer.alloc(0), u4(der.length), der]);
  const head = (tag: number, alias: string): Buffer =>
    Buffer.concat([u4(tag), utf(alias), Buffer.alloc(8)]);
  const key = Buffer.from('protected key');
  const body = Buffer.concat([
    u4(0xfeedfeed),
    u4(version),
    u4(anchors.length + keyChains.length),
    ...anchors.map((der, index) => Buffer.concat([head(2, `anchor ${index}`), certificate(der)])),
    ...keyChains.map((chain, index) =>
      Buffer.concat([
        ...[head(1, `key ${index}`), u4(key.length), key, u4(chain.length)],
        ...chain.map(certificate),
      ]),
    ),
  ]);
  const seal = createHash('sha1')
    .update(Buffer.from(password, 'utf16le').swap16())
    .update('Mighty Aphrodite')
    .update(body)
    .digest();
  return Buffer.concat([body, seal]);
}

export interface CertificateBag {
  readonly der: Uint8Array;
  /** Java's mark of a trusted entry. Default: there. */
  readonly isTrusted?: boolean;
  readonly keyId?: number;
}

export interface Pkcs12Content {
  readonly bags: readonly CertificateBag[];
  /** Of keys whose octets are nothing. */
  readonly keyIds?: readonly number[];
  /** Encrypts the certificates; absent: in clear. */
  readonly password?: string;
  readonly iterations?: number;
  readonly cipher?: keyof typeof ciphers;
}

const ciphers = {
  'aes-128-cbc': { oid: '2.16.840.1.101.3.4.1.2', keyBytes: 16, ivBytes: 16 },
  'aes-256-cbc': { oid: '2.16.840.1.101.3.4.1.42', keyBytes: 32, ivBytes: 16 },
  'des-ede3-cbc': { oid: '1.2.840.113549.3.7', keyBytes: 24, ivBytes: 8 },
} as const;

const data = '1.2.840.113549.1.7.1';

export function pkcs12(content: Pkcs12Content): Buffer {
  const bags = sequence(...content.bags.map(certificateBag));
  const certificates =
    content.password === undefined
      ? dataContent(bags)
      : encryptedContent(bags, content.password, content);
  const keys = (content.keyIds ?? []).map((id) =>
    sequence(
      objectIdentifier('1.2.840.113549.1.12.10.1.2'),
      tlv(0xa0, sequence()),
      set(keyIdAttribute(id)),
    ),
  );
  const safes = keys.length > 0 ? [certificates, dataContent(sequence(...keys))] : [certificates];
  return sequence(integer(3), dataContent(sequence(...safes)));
}

function certificateBag({ der, isTrusted = true, keyId }: CertificateBag): Buffer {
  const trusted = sequence(
    objectIdentifier('2.16.840.1.113894.746875.1.1'),
    set(objectIdentifier('2.5.29.37.0')),
  );
  const attributes = [
    sequence(objectIdentifier('1.2.840.113549.1.9.20'), set(utf8String('name'))),
    ...(isTrusted ? [trusted] : []),
    ...(keyId === undefined ? [] : [keyIdAttribute(keyId)]),
  ];
  return sequence(
    objectIdentifier('1.2.840.113549.1.12.10.1.3'),
    tlv(0xa0, sequence(objectIdentifier('1.2.840.113549.1.9.22.1'), tlv(0xa0, tlv(0x04, der)))),
    set(...attributes),
  );
}

function keyIdAttribute(id: number): Buffer {
  return sequence(objectIdentifier('1.2.840.113549.1.9.21'), set(tlv(0x04, Buffer.from([id]))));
}

function dataContent(octets: Uint8Array): Buffer {
  return sequence(objectIdentifier(data), tlv(0xa0, tlv(0x04, octets)));
}

function encryptedContent(bags: Buffer, password: string, content: Pkcs12Content): Buffer {
  const { iterations = 2, cipher = 'aes-256-cbc' } = content;
  const { oid, keyBytes, ivBytes } = ciphers[cipher];
  const salt = Buffer.alloc(8, 1);
  const iv = Buffer.alloc(ivBytes, 2);
  const key = pbkdf2Sync(password, salt, Math.min(iterations, 10), keyBytes, 'sha256');
  const encryption = createCipheriv(cipher, key, iv);
  const encrypted = Buffer.concat([encryption.update(bags), encryption.final()]);
  const derivation = sequence(
    objectIdentifier('1.2.840.113549.1.5.12'),
    sequence(
      tlv(0x04, salt),
      integer(iterations),
      sequence(objectIdentifier('1.2.840.113549.2.9'), tlv(0x05)),
    ),
  );
  const algorithm = sequence(
    objectIdentifier('1.2.840.113549.1.5.13'),
    sequence(derivation, sequence(objectIdentifier(oid), tlv(0x04, iv))),
  );
  const information = sequence(objectIdentifier(data), algorithm, tlv(0x80, encrypted));
  return sequence(
    objectIdentifier('1.2.840.113549.1.7.6'),
    tlv(0xa0, sequence(integer(0), information)),
  );
}

/** As Bouncy Castle begins its own format; what follows is nothing. */
export function bcfks(): Buffer {
  const pbes2 = sequence(objectIdentifier('1.2.840.113549.1.5.13'), sequence());
  return sequence(sequence(pbes2, tlv(0x04, Buffer.alloc(32))), sequence());
}

function integer(value: number): Buffer {
  const octets = u4(value);
  return tlv(0x02, octets.subarray(octets.findIndex((octet, index) => octet > 0 || index === 3)));
}

function u4(value: number): Buffer {
  const octets = Buffer.alloc(4);
  octets.writeUInt32BE(value);
  return octets;
}

function utf(text: string): Buffer {
  const octets = Buffer.from(text);
  const length = Buffer.alloc(2);
  length.writeUInt16BE(octets.length);
  return Buffer.concat([length, octets]);
}
