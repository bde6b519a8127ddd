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
import { readName } from './name.ts';
import { type GeneralName, isWithin, kinds, textOf, toGeneralName } from './name-subtree.ts';
import { readText } from './text.ts';

/** Each list holds the bases of the subtrees. */
export interface NameConstraints {
  readonly permitted: readonly GeneralName[];
  readonly excluded: readonly GeneralName[];
}

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
