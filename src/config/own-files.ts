/**
 * Files that only we need: for home, as client and as server. What is wrong with them is a problem of
 * ours and stops the program; what is wrong with a target's credential is an answer and goes into a report.
 */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { errorCode, type Problem } from '../base/cannot-run.ts';
import { sanitise } from '../base/sanitise.ts';
import type { Setting } from './settings.ts';

export type OwnFileKind = 'token' | 'tokens' | 'secrets' | 'certificate' | 'crl' | 'key';

export interface OwnFiles {
  readonly readFile: (path: string) => string;
  readonly problems: Problem[];
}

/** The path, whatever is wrong with the file: that goes to `problems`. */
export function checkOwnFile(
  kind: OwnFileKind,
  setting: Setting<string> | undefined,
  { readFile, problems }: OwnFiles,
): string | undefined {
  if (!setting) return undefined;
  const { value: path, origin: where } = setting;
  try {
    const fault = faults[kind](readFile(path));
    const what = `"${sanitise(path)}" ${fault}`;
    if (fault !== undefined) problems.push({ where, what, expected: expectations[kind] });
  } catch (error) {
    const what = `cannot read "${sanitise(path)}" (${errorCode(error)})`;
    problems.push({ where, what, expected: expectations[kind] });
  }
  return path;
}

/** Certificate and key come together or not at all. */
export function checkPair(
  cert: Setting<string> | undefined,
  key: Setting<string> | undefined,
  flags: readonly [string, string],
  problems: Problem[],
): void {
  if ((cert === undefined) === (key === undefined)) return;
  const [here, there] = cert ? flags : flags.toReversed();
  const where = cert?.origin ?? key?.origin ?? '';
  problems.push({
    where,
    what: `is given without --${there}`,
    expected: `--${there} FILE beside --${here}; the same file where it holds both`,
  });
}

const expectations: Readonly<Record<OwnFileKind, string>> = {
  token: 'a readable file with one token in printable ASCII',
  tokens: 'a readable file with one token a line, or a name and a token',
  secrets: 'a readable file with one secret a line: whsec_ and base64, or 24 characters and more',
  certificate: 'a readable file with PEM certificates (BEGIN CERTIFICATE)',
  crl: 'a readable file with PEM revocation lists (BEGIN X509 CRL)',
  key: 'a readable file with one unencrypted PEM private key (BEGIN PRIVATE KEY)',
};

/** What is wrong with a content; never any of the content. */
const faults: Readonly<Record<OwnFileKind, (text: string) => string | undefined>> = {
  token: (text) => {
    if (text.trim() === '') return 'is empty';
    return /^[\x21-\x7e]+$/.test(text.trim()) ? undefined : 'holds more than one token';
  },
  tokens: (text) => (/^[ \t]*[^\s#]/m.test(text) ? undefined : 'holds no token'),
  secrets: (text) => {
    const lines = text.split('\n').map((line) => line.trim());
    const secrets = lines.filter((line) => line !== '' && !line.startsWith('#'));
    if (secrets.length === 0) return 'holds no secret';
    return secrets.every(isSecret) ? undefined : 'holds a secret that is too short or no base64';
  },
  certificate: (text) => {
    const blocks = text.match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g) ?? [];
    if (blocks.length === 0) return 'holds no PEM certificate';
    return blocks.every(isCertificate) ? undefined : 'holds a certificate that does not decode';
  },
  crl: (text) =>
    text.includes('-----BEGIN X509 CRL-----') ? undefined : 'holds no PEM revocation list',
  key: (text) => {
    const label = /-----BEGIN ([A-Z0-9 ]*PRIVATE KEY)-----/.exec(text)?.[1];
    if (label === undefined) return 'holds no PEM private key';
    if (label.includes('ENCRYPTED') || text.includes('Proc-Type: 4,ENCRYPTED'))
      return 'is encrypted';
    return isKey(text) ? undefined : 'holds a key that does not decode';
  },
};

/** As Standard Webhooks writes them: 24 octets and more, in base64 after `whsec_`. */
function isSecret(text: string): boolean {
  const encoded = /^whsec_(.*)$/.exec(text)?.[1];
  if (encoded === undefined) return text.length >= 24;
  return /^[A-Za-z0-9+/]{32,}={0,2}$/.test(encoded);
}

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).subject !== undefined;
  } catch {
    return false;
  }
}

function isKey(pem: string): boolean {
  try {
    return createPrivateKey(pem).type === 'private';
  } catch {
    return false;
  }
}
