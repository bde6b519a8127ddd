/**
 * Distinguished names as RFC 4514 text: the one function behind every subject, issuer and authority,
 * so that they can be compared as text.
 */
import { maxNameLength, sanitise } from '../base/sanitise.ts';
import {
  type DerElement,
  derTags,
  readChildren,
  readElement,
  readObjectIdentifier,
  toHex,
} from './der.ts';
import { readText } from './text.ts';

/** RFC 4514 section 3, with the conventional names of serialNumber and emailAddress. */
const shortNames: ReadonlyMap<string, string> = new Map([
  ['2.5.4.3', 'CN'],
  ['2.5.4.5', 'serialNumber'],
  ['2.5.4.6', 'C'],
  ['2.5.4.7', 'L'],
  ['2.5.4.8', 'ST'],
  ['2.5.4.9', 'STREET'],
  ['2.5.4.10', 'O'],
  ['2.5.4.11', 'OU'],
  ['0.9.2342.19200300.100.1.1', 'UID'],
  ['0.9.2342.19200300.100.1.25', 'DC'],
  ['1.2.840.113549.1.9.1', 'emailAddress'],
]);

/** RFC 4514 form (last RDN first) of a DER Name, safe to print, at most `maxNameLength` units; empty for the empty name. */
export function readName(der: Uint8Array): string | undefined {
  const text = nameText(der);
  return text === undefined ? undefined : sanitise(text, maxNameLength);
}

/** Whether two DER names are the same to RFC 5280 section 7.1: string types, letter case and runs of space do not count. */
export function isSameName(one: Uint8Array, other: Uint8Array): boolean {
  if (Buffer.compare(one, other) === 0) return true;
  const [left, right] = [one, other].map((der) =>
    nameText(der)?.toLowerCase().replace(/\s+/g, ' '),
  );
  return left !== undefined && left === right;
}

function nameText(der: Uint8Array): string | undefined {
  const element = readElement(der);
  if (element?.der.length !== der.length) return undefined;
  return joined(readChildren(element, derTags.sequence)?.toReversed(), ',', relativeName);
}

function relativeName(element: DerElement): string | undefined {
  const attributes = readChildren(element, derTags.set);
  return attributes?.length === 0 ? undefined : joined(attributes, '+', attribute);
}

function joined(
  elements: readonly DerElement[] | undefined,
  separator: string,
  toText: (element: DerElement) => string | undefined,
): string | undefined {
  const texts = elements?.map(toText);
  return texts?.every((text) => text !== undefined) ? texts.join(separator) : undefined;
}

function attribute(element: DerElement): string | undefined {
  const [type, value, ...rest] = readChildren(element, derTags.sequence) ?? [];
  const identifier = readObjectIdentifier(type);
  if (identifier === undefined || value === undefined || rest.length > 0) return undefined;
  const shortName = shortNames.get(identifier);
  const text = shortName === undefined ? undefined : readText(value);
  return text === undefined
    ? `${shortName ?? identifier}=#${toHex(value.der, maxNameLength)}`
    : `${shortName}=${escapeValue(text)}`;
}

/** RFC 4514 section 2.4; controls become hex pairs, which it allows and which keeps them visible. */
function escapeValue(text: string): string {
  return text.replace(/["+,;<>\\]|^[ #]| $/g, '\\$&').replace(/\p{Cc}/gu, hexPairs);
}

function hexPairs(character: string): string {
  return toHex(Buffer.from(character)).toUpperCase().replace(/../g, '\\$&');
}
