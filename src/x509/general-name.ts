/** Subject alternative names as text (RFC 5280 section 4.2.1.6), safe to print. */
import { sanitise } from '../base/sanitise.ts';
import { type DerElement, readSequence, toHex } from './der.ts';

const maxSubjectAltNames = 64;

/** `DNS:…`, `IP:…`, `URI:…`, `email:…` in the order of the certificate, at most 64; other kinds of name are left out. */
export function readSubjectAltNames(extensionValue: Uint8Array): readonly string[] | undefined {
  return readSequence(extensionValue)
    ?.map(generalName)
    .filter((name) => name !== undefined)
    .slice(0, maxSubjectAltNames);
}

function generalName({ tag, content }: DerElement): string | undefined {
  switch (tag) {
    case 0x81:
      return `email:${printable(content)}`;
    case 0x82:
      return `DNS:${printable(content)}`;
    case 0x86:
      return `URI:${printable(content)}`;
    case 0x87:
      return `IP:${addressText(content)}`;
    default:
      return undefined;
  }
}

function printable(octets: Uint8Array): string {
  return sanitise(Buffer.from(octets.subarray(0, 1024)).toString('latin1'));
}

/** Dotted decimal, or RFC 5952; `#` and hex for octets that are no address. */
export function addressText(octets: Uint8Array): string {
  if (octets.length === 4) return octets.join('.');
  if (octets.length !== 16) return `#${toHex(octets, 64)}`;
  const groups = Array.from({ length: 8 }, (_, index) =>
    (((octets[index * 2] ?? 0) << 8) | (octets[index * 2 + 1] ?? 0)).toString(16),
  );
  const zeros = longestZeroRun(groups);
  if (zeros.length < 2) return groups.join(':');
  const end = zeros.start + zeros.length;
  return `${groups.slice(0, zeros.start).join(':')}::${groups.slice(end).join(':')}`;
}

/** The first of the longest runs. */
function longestZeroRun(groups: readonly string[]): { start: number; length: number } {
  let longest = { start: 0, length: 0 };
  let start = 0;
  for (const [index, group] of groups.entries()) {
    if (group !== '0') start = index + 1;
    else if (index + 1 - start > longest.length) longest = { start, length: index + 1 - start };
  }
  return longest;
}
