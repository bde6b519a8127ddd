/** PKCS#12 (RFC 7292) as Java's trust store: the certificates that Java marked as trusted, and those that belong to its keys. */
import {
  type DerElement,
  derTags,
  readChildren,
  readObjectIdentifier,
  readSequence,
  toHex,
} from '../../x509/der.ts';
import { decryptPbes2 } from './pbes2.ts';
import { decryptPkcs12Pbe, isSealedWith } from './pkcs12-pbe.ts';
import { faulty, type StoreContents } from './store-contents.ts';
import { passwordText, type StorePassword } from './store-password.ts';

const oids = {
  data: '1.2.840.113549.1.7.1',
  encryptedData: '1.2.840.113549.1.7.6',
  keyBag: '1.2.840.113549.1.12.10.1.1',
  shroudedKeyBag: '1.2.840.113549.1.12.10.1.2',
  certificateBag: '1.2.840.113549.1.12.10.1.3',
  x509Certificate: '1.2.840.113549.1.9.22.1',
  localKeyId: '1.2.840.113549.1.9.21',
  /** Java's own attribute: a certificate without it is no trusted entry, whoever put it there. */
  trustedKeyUsage: '2.16.840.1.113894.746875.1.1',
} as const;

/** One for certificates and one for keys is what everybody writes; each may cost a key derivation. */
const maxParts = 16;

const explicit0 = 0xa0;
const implicit0 = 0x80;

interface Bag {
  readonly type: string;
  /** DER of the certificate in it. */
  readonly certificate?: Uint8Array;
  /** DER of the key in it: a PrivateKeyInfo, or an EncryptedPrivateKeyInfo when that is `isShrouded`. */
  readonly key?: { readonly der: Uint8Array; readonly isShrouded: boolean };
  readonly isTrusted: boolean;
  /** Lower hex; what ties a certificate to its key. */
  readonly keyId?: string;
}

export function readPkcs12(octets: Uint8Array, password: StorePassword): StoreContents {
  const bags = openPkcs12(octets, passwordText(password));
  // Our guess at a password proves nothing by failing.
  if (bags === 'wrong-password' && password === undefined) return faulty('password-unknown');
  return typeof bags === 'string' ? faulty(bags) : { anchors: anchorsIn(bags) };
}

/** Whatever stands in the archive, in its order; its seal is asked only where nothing else tells of the password. */
export function openPkcs12(
  octets: Uint8Array,
  password: string | undefined,
): readonly Bag[] | Fault {
  const [, authSafe, seal] = readSequence(octets) ?? [];
  const safe = contentOf(authSafe, oids.data);
  const contents = safe && readSequence(safe.content);
  if (!safe || contents === undefined || contents.length > maxParts) return 'damaged';
  const bags = openContents(contents, password);
  if (bags !== 'unsupported-encryption' || password === undefined) return bags;
  return isSealedWith(password, seal, safe.content) === false ? 'wrong-password' : bags;
}

function openContents(
  contents: readonly DerElement[],
  password: string | undefined,
): readonly Bag[] | Fault {
  const bags: Bag[] = [];
  for (const element of contents) {
    const opened = openContent(element, password);
    if (typeof opened === 'string') return opened;
    bags.push(...opened);
  }
  return bags;
}

type Fault = Exclude<StoreContents['fault'], undefined>;

function openContent(element: DerElement, password: string | undefined): readonly Bag[] | Fault {
  const clear = contentOf(element, oids.data);
  if (clear) return readBags(clear.content) ?? 'damaged';
  const encrypted = contentOf(element, oids.encryptedData);
  // What is neither is enveloped for a public key: nobody makes trust stores of it.
  if (encrypted === undefined) return 'unsupported-encryption';
  if (password === undefined) return 'password-missing';
  const [, information] = readChildren(encrypted, derTags.sequence) ?? [];
  const [, algorithm, content] = readChildren(information, derTags.sequence) ?? [];
  if (algorithm === undefined || content?.tag !== implicit0) return 'damaged';
  const ofPbes2 = decryptPbes2(algorithm, content.content, password);
  const decrypted =
    ofPbes2 === 'unsupported-encryption'
      ? decryptPkcs12Pbe(algorithm, content.content, password)
      : ofPbes2;
  if (typeof decrypted === 'string') return decrypted;
  return readBags(decrypted) ?? 'wrong-password';
}

/** The element inside a ContentInfo of the given type; for data, its OCTET STRING. */
function contentOf(element: DerElement | undefined, type: string): DerElement | undefined {
  const [identifier, wrapped] = readChildren(element, derTags.sequence) ?? [];
  if (readObjectIdentifier(identifier) !== type) return undefined;
  const inner = readChildren(wrapped, explicit0)?.[0];
  const isData = type === oids.data;
  return inner?.tag === (isData ? derTags.octetString : derTags.sequence) ? inner : undefined;
}

function readBags(octets: Uint8Array): readonly Bag[] | undefined {
  return readSequence(octets)?.map(readBag);
}

function readBag(element: DerElement): Bag {
  const [type, value, attributes] = readChildren(element, derTags.sequence) ?? [];
  const identifier = readObjectIdentifier(type) ?? '';
  const certificate = identifier === oids.certificateBag ? certificateIn(value) : undefined;
  const named = (readChildren(attributes, derTags.set) ?? []).map(
    (attribute) => readChildren(attribute, derTags.sequence) ?? [],
  );
  const find = (oid: string) => named.find(([name]) => readObjectIdentifier(name) === oid);
  const keyId = readChildren(find(oids.localKeyId)?.[1], derTags.set)?.[0];
  return {
    type: identifier,
    ...(certificate && { certificate }),
    ...keyIn(identifier, value),
    isTrusted: find(oids.trustedKeyUsage) !== undefined,
    ...(keyId && { keyId: toHex(keyId.content) }),
  };
}

function certificateIn(value: DerElement | undefined): Uint8Array | undefined {
  const bag = readChildren(value, explicit0)?.[0];
  const [type, wrapped] = readChildren(bag, derTags.sequence) ?? [];
  if (readObjectIdentifier(type) !== oids.x509Certificate) return undefined;
  const octets = readChildren(wrapped, explicit0)?.[0];
  return octets?.tag === derTags.octetString ? octets.content : undefined;
}

function keyIn(type: string, value: DerElement | undefined): Pick<Bag, 'key'> {
  const der = readChildren(value, explicit0)?.[0]?.der;
  if (der === undefined || !keyBags.includes(type)) return {};
  return { key: { der, isShrouded: type === oids.shroudedKeyBag } };
}

const keyBags: readonly string[] = [oids.keyBag, oids.shroudedKeyBag];

function anchorsIn(bags: readonly Bag[]): readonly Uint8Array[] {
  const keyIds = bags.flatMap(({ type, keyId }) => (keyBags.includes(type) && keyId) || []);
  return bags.flatMap(({ certificate, isTrusted, keyId }) => {
    const isOfKey = keyId !== undefined && keyIds.includes(keyId);
    return certificate && (isTrusted || isOfKey) ? [certificate] : [];
  });
}
