/** Name constraints of a CA: which names the certificates below it may have (RFC 5280 section 4.2.1.10). */
import { sanitise } from '../base/sanitise.ts';
import type { Certificate } from './certificate.ts';
import {
  type DerElement,
  derTags,
  readChildren,
  readElement,
  readElements,
  readObjectIdentifier,
  readSequence,
} from './der.ts';
import { addressText } from './general-name.ts';
import { isSameName, readName } from './name.ts';
import { readText } from './text.ts';

/** A GeneralName: the number of its kind, and its content. */
export interface GeneralName {
  readonly kind: number;
  readonly content: Uint8Array;
}

/** Each list holds the bases of the subtrees. */
export interface NameConstraints {
  readonly permitted: readonly GeneralName[];
  readonly excluded: readonly GeneralName[];
}

/** Context tags of RFC 5280 section 4.2.1.6. */
const kinds = { email: 1, dns: 2, directory: 4, uri: 6, address: 7 } as const;

/** More names and subtrees than these are not looked at; a real certificate stays far below. */
const maxNames = 256;

/** Undefined when the octets are no such extension. */
export function readNameConstraints(value: Uint8Array): NameConstraints | undefined {
  const lists = readSequence(value);
  if (lists === undefined) return undefined;
  return { permitted: basesOf(lists, 0xa0), excluded: basesOf(lists, 0xa1) };
}

function basesOf(lists: readonly DerElement[], tag: number): readonly GeneralName[] {
  const list = lists.find((each) => each.tag === tag);
  const subtrees = list ? (readElements(list.content) ?? []) : [];
  return subtrees
    .slice(0, maxNames)
    .map((subtree) => readChildren(subtree, derTags.sequence)?.[0])
    .filter((base) => base !== undefined)
    .map(toGeneralName);
}

export function toGeneralName({ tag, content }: DerElement): GeneralName {
  return { kind: tag & 0x1f, content };
}

/** The names of a certificate that a CA above it does not permit, in words that are safe to print. */
export function namesBeyond(
  { permitted, excluded }: NameConstraints,
  certificate: Certificate,
  isLeaf: boolean,
): readonly string[] {
  const isBeyond = (name: GeneralName): boolean => {
    const within = permitted.filter(({ kind }) => kind === name.kind);
    if (excluded.some((base) => isWithin(name, base))) return true;
    return within.length > 0 && !within.some((base) => isWithin(name, base));
  };
  return namesOf(certificate, isLeaf).filter(isBeyond).map(nameInWords);
}

/** Those that OpenSSL looks at: a common name that reads as a host counts where no other name is one. */
function namesOf(certificate: Certificate, isLeaf: boolean): readonly GeneralName[] {
  const { subject, extensions } = certificate;
  const alternative = (extensions.names ?? []).slice(0, maxNames);
  const hasHost = alternative.some(({ kind }) => kind === kinds.dns);
  const hosts = isLeaf && !hasHost ? attributesOf(subject.der, commonName).filter(isHost) : [];
  const directory = readElement(subject.der);
  return [
    ...(directory && directory.content.length > 0
      ? [{ kind: kinds.directory, content: subject.der }]
      : []),
    ...alternative,
    ...attributesOf(subject.der, emailAddress).map((text) => toName(kinds.email, text)),
    ...hosts.map((text) => toName(kinds.dns, text)),
  ];
}

const commonName = '2.5.4.3';
const emailAddress = '1.2.840.113549.1.9.1';

const isHost = (text: string): boolean => /^[\w-]+(?:\.[\w-]+)+$/.test(text);

function toName(kind: number, text: string): GeneralName {
  return { kind, content: Buffer.from(text, 'latin1') };
}

function attributesOf(name: Uint8Array, type: string): readonly string[] {
  const sets = readChildren(readElement(name), derTags.sequence) ?? [];
  return sets
    .flatMap((set) => readChildren(set, derTags.set) ?? [])
    .map((attribute) => readChildren(attribute, derTags.sequence) ?? [])
    .filter(([identifier]) => readObjectIdentifier(identifier) === type)
    .flatMap(([, value]) => (value && readText(value)) ?? []);
}

function isWithin(name: GeneralName, base: GeneralName): boolean {
  if (name.kind !== base.kind) return false;
  switch (name.kind) {
    case kinds.dns:
      return isHostWithin(textOf(name), textOf(base));
    case kinds.email:
      return isMailboxWithin(textOf(name), textOf(base));
    case kinds.uri:
      return isHostOf(hostOfUri(textOf(name)), textOf(base));
    case kinds.address:
      return isAddressWithin(name.content, base.content);
    case kinds.directory:
      return isBelow(name.content, base.content);
    default:
      return false;
  }
}

const textOf = ({ content }: GeneralName): string => Buffer.from(content).toString('latin1');

/** Zero or more labels added on the left; a leading dot asks for one at least. */
function isHostWithin(host: string, base: string): boolean {
  const [one, other] = [host.toLowerCase(), base.toLowerCase()];
  if (other === '' || one === other) return true;
  return one.endsWith(other.startsWith('.') ? other : `.${other}`);
}

/** A mailbox, all mailboxes of a host, or, after a dot, of all hosts in a domain. */
function isMailboxWithin(mailbox: string, base: string): boolean {
  const at = mailbox.lastIndexOf('@');
  const wanted = base.lastIndexOf('@');
  const isSameLocal = wanted <= 0 || mailbox.slice(0, at) === base.slice(0, wanted);
  return at >= 0 && isSameLocal && isHostOf(mailbox.slice(at + 1), base.slice(wanted + 1));
}

function isHostOf(host: string | undefined, base: string): boolean {
  if (host === undefined) return false;
  const [one, other] = [host.toLowerCase(), base.toLowerCase()];
  return other.startsWith('.') ? one.endsWith(other) && one !== other : one === other;
}

function hostOfUri(uri: string): string | undefined {
  return /^[^:/?#]+:\/\/(?:[^/?#@]*@)?([^/?#:]+)/.exec(uri)?.[1];
}

/** The base is an address and its mask. */
function isAddressWithin(address: Uint8Array, base: Uint8Array): boolean {
  const { length } = address;
  if (base.length !== 2 * length) return false;
  return address.every((octet, at) => {
    const mask = base[length + at] ?? 0;
    return (octet & mask) === ((base[at] ?? 0) & mask);
  });
}

/** Whether the name begins with all of the base, part by part. */
function isBelow(name: Uint8Array, base: Uint8Array): boolean {
  const [parts, wanted] = [name, base].map((der) =>
    readChildren(readElement(der), derTags.sequence),
  );
  if (!parts || !wanted || wanted.length > parts.length) return false;
  return wanted.every((part, at) => isSameName(asName(part), asName(parts[at])));
}

/** A Name of one part. */
function asName(part: DerElement | undefined): Uint8Array {
  const content = part?.der ?? new Uint8Array();
  const { length } = content;
  const header = length < 0x80 ? [length] : [0x82, length >> 8, length & 0xff];
  return Uint8Array.from([derTags.sequence, ...header, ...content]);
}

function nameInWords(name: GeneralName): string {
  if (name.kind === kinds.directory) return readName(name.content) ?? 'a directory name';
  if (name.kind === kinds.address) return `IP:${addressText(name.content)}`;
  return `${labels.get(name.kind) ?? ''}${sanitise(textOf(name))}`;
}

const labels: ReadonlyMap<number, string> = new Map([
  [kinds.email, 'email:'],
  [kinds.dns, 'DNS:'],
  [kinds.uri, 'URI:'],
]);
