/** Codes, times and values of a report in the words of a person; what has no words stays as it is. */
import { apartInWords, epochMs, isBefore } from '../diagnosis/time.ts';
import type {
  AlertSeen,
  CertificateSeen,
  DropSeen,
  Ending,
  SkipReason,
} from '../evidence/evidence.ts';

const reasons: Readonly<Record<SkipReason, string>> = {
  'address-given': 'the address was given',
  'no-proxy': 'no proxy is used',
  'not-wanted': 'not asked for',
  'earlier-step-failed': 'an earlier step failed',
  'server-not-trusted': 'we do not trust the server',
  'protocol-not-spoken': 'the protocol that was chosen is not spoken here',
  'local-fault': 'our own files cannot be used',
};

export function reasonInWords(reason: SkipReason): string {
  return reasons[reason];
}

/** Codes that a person meets often, with what they say. */
const codes: Readonly<Record<string, string>> = {
  CLOSED: 'the other side closed the connection',
  EACCES: 'permission denied',
  EAI_AGAIN: 'the resolver gave no answer',
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection reset',
  EHOSTUNREACH: 'host unreachable',
  EISDIR: 'a directory',
  ENETUNREACH: 'network unreachable',
  ENOENT: 'no such file',
  ENOTFOUND: 'name not found',
  EPIPE: 'connection reset',
  ETIMEDOUT: 'timed out',
  LIMIT: 'the other side sent too much',
  PROXY_STATUS: 'the proxy refused',
  TIMEOUT: 'timed out',
};

/** `connection refused (ECONNREFUSED)`. */
export function codeInWords(code: string): string {
  const words = Object.hasOwn(codes, code) ? codes[code] : undefined;
  return words === undefined ? code : `${words} (${code})`;
}

const contents: Readonly<Record<string, string>> = {
  empty: 'empty',
  'no-pem-block': 'holds no PEM',
  der: 'DER where PEM is expected',
  pkcs12: 'PKCS#12 where PEM is expected',
  'base64-of-pem': 'encoded in base64 once more',
  'wrong-block': 'holds another kind of PEM block',
  unparsable: 'does not decode',
};

export function contentInWords(content: string): string {
  return contents[content] ?? content;
}

/** Without a final stop, so that more can follow. */
export function alertInWords(alert: AlertSeen): string {
  const { direction, level, description, code, encrypted, afterFinished, atMs } = alert;
  const who = direction === 'received' ? 'the gateway sent' : 'we sent';
  const kind = level === 'unknown' ? 'an alert of unknown level,' : `the ${level} alert`;
  const where = afterFinished ? 'after our Finished' : 'before our Finished';
  const how = encrypted ? 'encrypted' : 'in clear';
  return `${who} ${kind} ${code} (${description}), ${how}, ${where}, at ${atMs.toFixed(1)} ms`;
}

const endings: Readonly<Record<Ending['how'], string>> = {
  close_notify: 'closed in order',
  alert: 'with an alert',
  fin: 'closed without close_notify',
  reset: 'reset',
  timeout: 'gave up waiting',
  limit: 'more came than is read',
};

export function endingInWords({ by, how, atMs }: Ending): string {
  return `by ${by === 'peer' ? 'the gateway' : 'us'}, ${endings[how]}, at ${atMs.toFixed(1)} ms`;
}

const drops: Readonly<Record<DropSeen['how'], string>> = {
  close: 'closed',
  reset: 'reset',
  timeout: 'no longer answered',
};

export function dropInWords({ ageMs, how }: DropSeen): string {
  return `${drops[how]} after ${(ageMs / 1000).toFixed(1)} s`;
}

/** `2026-11-23 14:00 UTC`; other text as it is. */
export function timeInWords(time: string): string {
  const match = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d)/.exec(time);
  return match ? `${match[1]} ${match[2]} UTC` : time;
}

/** `from … to …, 189 days left`, at the time of the look. Undefined for a certificate that did not parse. */
export function validityInWords(
  { notBefore, notAfter }: CertificateSeen,
  now: string,
): string | undefined {
  if (notBefore === undefined || notAfter === undefined) return undefined;
  const range = `from ${timeInWords(notBefore)} to ${timeInWords(notAfter)}`;
  if (epochMs(now) === undefined) return range;
  if (isBefore(now, notBefore)) return `${range}, begins in ${apartInWords(now, notBefore)}`;
  const apart = apartInWords(now, notAfter);
  return isBefore(notAfter, now) ? `${range}, expired ${apart} ago` : `${range}, ${apart} left`;
}

/** Facts by their path in the report; others keep it. */
const facts: Readonly<Record<string, string>> = {
  'clientCertificate.sha256': 'our certificate (SHA-256)',
  'credential.chain': 'the certificates in our file',
  'credential.keyMatchesCertificate': 'whether our key belongs to our certificate',
  'credential.certificateFile.path': 'the path of our certificate file',
  'credential.certificateFile.modifiedAt': 'when our certificate file was changed',
  'credential.keyFile.path': 'the path of our key file',
  'credential.keyFile.modifiedAt': 'when our key file was changed',
  'credential.caFile.path': 'the path of our CA file',
  'credential.caFile.modifiedAt': 'when our CA file was changed',
  'target.proxy': 'the proxy',
  'steps.dns.addresses': 'the addresses of the name',
  'clock.differenceMs': 'the clock of the gateway less ours, in ms',
  'steps.tcp.address': 'the address that was dialled',
  'tls.version': 'the TLS version',
  'tls.cipherSuite': 'the cipher suite',
  'tls.alpn': 'the application protocol',
  'tls.serverCertificates[0].sha256': 'the certificate of the gateway (SHA-256)',
  'tls.serverCertificates[0].issuer': 'the issuer of the certificate of the gateway',
  'tls.serverCertificates[0].spkiSha256': 'the key of the gateway (SHA-256)',
  'tls.serverCertificates[0].subjectAltNames': 'the names in the certificate of the gateway',
  'tls.serverCertificates.length': 'how many certificates the gateway sends',
  'tls.serverAuthorized': 'whether we trust the server',
  'tls.clientCertificateRequested': 'whether the gateway asks for a client certificate',
  'tls.certificateAuthorities': 'the authorities that the gateway names',
  'tls.certificateAuthoritiesSha256': 'the octets of the authorities that the gateway names',
  'tls.clientCertificateSent': 'whether our certificate was sent',
  'http.status': 'the HTTP status',
  'websocket.status': 'the status of the upgrade',
};

export function factInWords(path: string): string {
  return Object.hasOwn(facts, path) ? (facts[path] ?? path) : path;
}

export function valueInWords(value: unknown): string {
  if (value === null || value === undefined) return 'none';
  if (Array.isArray(value)) return value.length > 0 ? value.map(valueInWords).join('; ') : 'none';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
