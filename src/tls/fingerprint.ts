/** JA3, JA3S and JA4: the fingerprints of hello messages that SIEM people correlate by. */
import { hash } from 'node:crypto';
import type { ClientHello, ServerHello } from './wire.ts';

export interface Ja3 {
  /** Decimal numbers: `771,4866-4867,0-23,29-23,0`. */
  readonly text: string;
  /** Of the text, lower hex. */
  readonly md5: string;
}

/** Version, cipher suites, extensions, groups and point formats, in the order sent, GREASE left out. */
export function ja3(hello: ClientHello): Ja3 {
  return withMd5([
    [hello.legacyVersion],
    withoutGrease(hello.cipherSuites),
    withoutGrease(hello.extensions),
    withoutGrease(hello.groups),
    hello.pointFormats,
  ]);
}

/** Version, cipher suite and extensions of the server's answer. */
export function ja3s(hello: ServerHello): Ja3 {
  return withMd5([[hello.legacyVersion], [hello.cipherSuite], withoutGrease(hello.extensions)]);
}

function withMd5(fields: readonly (readonly number[])[]): Ja3 {
  const text = fields.map((field) => field.join('-')).join(',');
  return { text, md5: hash('md5', text, 'hex') };
}

/** JA4 of a ClientHello over TCP: `t13d1516h2_8daaf6152771_e5627efa2ab1`. */
export function ja4(hello: ClientHello): string {
  const suites = withoutGrease(hello.cipherSuites);
  const extensions = withoutGrease(hello.extensions);
  const algorithms = withoutGrease(hello.signatureAlgorithms);
  const summary = [
    't',
    ja4Version(hello),
    extensions.includes(serverNameExtension) ? 'd' : 'i',
    twoDigits(suites.length),
    twoDigits(extensions.length),
    ja4Alpn(hello.alpn[0] ?? ''),
  ].join('');
  const hashed = extensions.filter(
    (type) => type !== serverNameExtension && type !== alpnExtension,
  );
  const lists = [sortedHex(hashed), algorithms.map(hex).join(',')].filter((list) => list !== '');
  return [
    summary,
    truncatedHash(sortedHex(suites)),
    extensions.length === 0 ? noHash : truncatedHash(lists.join('_')),
  ].join('_');
}

const serverNameExtension = 0;
const alpnExtension = 16;
const noHash = '000000000000';

/** GREASE: both octets equal and ending in `a` (RFC 8701 section 2). */
const isGrease = (number: number): boolean =>
  (number & 0x0f0f) === 0x0a0a && number >> 8 === (number & 0xff);

const withoutGrease = (numbers: readonly number[]): number[] =>
  numbers.filter((number) => !isGrease(number));

const hex = (number: number): string => number.toString(16).padStart(4, '0');

const sortedHex = (numbers: readonly number[]): string => numbers.map(hex).sort().join(',');

const twoDigits = (count: number): string => String(Math.min(count, 99)).padStart(2, '0');

const truncatedHash = (text: string): string =>
  text === '' ? noHash : hash('sha256', text, 'hex').slice(0, 12);

const versionCodes: Readonly<Record<number, string>> = {
  772: '13',
  771: '12',
  770: '11',
  769: '10',
  768: 's3',
  2: 's2',
};

/** The highest that is offered, not the legacy field, where both are there. */
function ja4Version(hello: ClientHello): string {
  const offered = withoutGrease(hello.supportedVersions);
  const highest = offered.length > 0 ? Math.max(...offered) : hello.legacyVersion;
  return versionCodes[highest] ?? '00';
}

/** First and last character of the first protocol; of its hex digits when either is not alphanumeric. */
function ja4Alpn(protocol: string): string {
  if (protocol === '') return '00';
  const ends = `${protocol.at(0)}${protocol.at(-1)}`;
  if (/^[0-9a-z]{2}$/i.test(ends)) return ends;
  const digits = Buffer.from(protocol, 'latin1').toString('hex');
  return `${digits.at(0)}${digits.at(-1)}`;
}
