/** Names the protocol of a peer that speaks no TLS, by the first octets it sent. */
import { couldBeHeader } from './record-reader.ts';

export interface RecognisedProtocol {
  /** `http`, `ssh`, `smtp` …; `unknown` when no protocol was recognised. */
  readonly protocol: string;
  /** http only: the status code. */
  readonly httpStatus?: number;
}

/** Undefined when the octets look like TLS (of any version since SSL 3.0), or when there are none. */
export function recogniseProtocol(octets: Uint8Array): RecognisedProtocol | undefined {
  if (octets.length === 0 || couldBeHeader(octets.subarray(0, 5))) return undefined;
  const start = octets.subarray(0, 256);
  const text = Buffer.from(start).toString('latin1');
  const status = /^HTTP\/\d(?:\.\d)? ([1-5]\d\d)(?!\d)/.exec(text)?.[1];
  if (status !== undefined) return { protocol: 'http', httpStatus: Number(status) };
  return { protocol: recogniseText(text) ?? recogniseOctets(start) ?? 'unknown' };
}

/** The first that matches counts; what is said in text comes before what is said in octets. */
const texts: readonly (readonly [protocol: string, pattern: RegExp])[] = [
  ['http', /^HTTP\/\d|^\s*<(?:!doctype html|html|head|body)\b/i],
  ['ssh', /^SSH-\d/],
  ['ftp', /^(?:220|421|530)[ -].*(?:\bftp|ftpd|file ?zilla|file transfer)/is],
  ['smtp', /^(?:220|421|554|5\d\d)[ -].*(?:smtp\b|\bmail|postfix|exim|sendmail)/is],
  ['smtp', /^(?:220|421|4\d\d|5\d\d)[ -][245]\.\d{1,3}\.\d{1,3} /],
  ['nntp', /^(?:20[01]|400|502) .*(?:nntp|\binn\b|\bnews)/i],
  // RFC 5321 section 4.2 has the server's domain first; what greets otherwise is rather FTP.
  ['smtp', /^(?:220|421|554)[ -](?:\[[\da-f.:]+\]|[\w-]+(?:\.[\w-]+)+)(?:[\s:]|$)/i],
  ['ftp', /^(?:220|421|530)[ -]/],
  ['imap', /^\* (?:OK|PREAUTH|BYE|BAD)\b/],
  ['redis', /^-(?:NOAUTH|DENIED|WRONGPASS|LOADING|MOVED|MISCONF|NOPERM)\b|^\+PONG\r?\n/],
  [
    'redis',
    /^-ERR (?:unknown command|protocol error|max number of clients|wrong number|unbalanced)/i,
  ],
  ['pop3', /^(?:\+OK|-ERR)\b/],
  ['managesieve', /^"IMPLEMENTATION"/],
  ['amqp', /^AMQP/],
  ['nats', /^INFO \{|^-ERR '/],
  ['memcached', /^(?:ERROR|CLIENT_ERROR .*|SERVER_ERROR .*)\r?\n/],
  ['vnc', /^RFB \d{3}\.\d{3}\n/],
  ['rsync', /^@RSYNCD:/],
  ['xmpp', /^(?:<\?xml[^>]*>\s*)?<stream:/],
  ['rtsp', /^RTSP\/\d/],
  ['sip', /^SIP\/\d/],
  ['proxy-protocol', /^PROXY (?:TCP|UNKNOWN)|^\r\n\r\n\0\r\nQUIT\n/],
  ['irc', /^:\S+ (?:NOTICE|\d{3}) |^(?:NOTICE AUTH|ERROR :)/],
];

const recogniseText = (text: string): string | undefined =>
  texts.find(([, pattern]) => pattern.test(text))?.[0];

type Test = (octets: Uint8Array) => boolean;

const begins =
  (...expected: readonly number[]): Test =>
  (octets) =>
    octets.length >= expected.length && expected.every((octet, at) => octets[at] === octet);

const octetTests: readonly (readonly [protocol: string, test: Test])[] = [
  ['mysql', isMysql],
  ['postgresql', isPostgresql],
  ['http2', isHttp2],
  ['ssl2', isSsl2],
  ['ldap', isLdap],
  ['mqtt', (octets) => octets.length === 4 && begins(0x20, 0x02)(octets)],
  ['rdp', begins(0x03, 0x00, 0x00)],
  ['smb', (octets) => begins(0xfe, 0x53, 0x4d, 0x42)(octets.subarray(4))],
  ['smb', (octets) => begins(0xff, 0x53, 0x4d, 0x42)(octets.subarray(4))],
  ['mongodb', isMongodb],
  ['tds', begins(0x04, 0x01, 0x00)],
  ['telnet', (octets) => octets[0] === 0xff && (octets[1] ?? 0) >= 0xfa && octets.length >= 3],
  ['socks5', (octets) => octets.length === 2 && (begins(5, 0xff)(octets) || begins(5, 0)(octets))],
  ['socks4', (octets) => begins(0)(octets) && (octets[1] ?? 0) >= 0x5a && (octets[1] ?? 0) <= 0x5d],
];

const recogniseOctets = (octets: Uint8Array): string | undefined =>
  octetTests.find(([, test]) => test(octets))?.[0];

/** Packet length (little endian), sequence number, then protocol version 10 or an error. */
function isMysql(octets: Uint8Array): boolean {
  const [low = 0, middle = 0, high = 0, sequence, first] = octets;
  const length = low + middle * 256 + high * 65_536;
  const isPacket = sequence === 0 || sequence === 1;
  return isPacket && length >= 3 && length < 4096 && (first === 0x0a || first === 0xff);
}

/** ErrorResponse with a severity field, or an Authentication request. */
function isPostgresql(octets: Uint8Array): boolean {
  const text = Buffer.from(octets).toString('latin1');
  return /^E\0\0[\s\S]{2}[SVCM](?:FATAL|ERROR|PANIC|[\w]+)\0|^R\0\0\0[\s\S]\0\0\0|^EFATAL/.test(
    text,
  );
}

/** A SETTINGS frame on stream 0 (RFC 9113 section 4.1): what an HTTP/2 server says first. */
function isHttp2(octets: Uint8Array): boolean {
  const [high, , low = 0, type, flags, ...stream] = octets.subarray(0, 9);
  const isSettings = high === 0 && type === 4 && flags === 0 && low % 6 === 0;
  return isSettings && stream.length === 4 && stream.every((octet) => octet === 0);
}

/** A two octet header, then an error or a server hello. */
function isSsl2(octets: Uint8Array): boolean {
  const [first = 0, length = 0, type] = octets;
  const isError = first === 0x80 && length === 3 && type === 0;
  return isError || (first >= 0x80 && type === 4 && octets[5] === 0 && octets[6] === 2);
}

/** A SEQUENCE that begins with a message number and an application tag. */
function isLdap(octets: Uint8Array): boolean {
  const [tag, length = 0] = octets;
  const body = octets.subarray(length > 0x80 ? 2 + (length & 0x7f) : 2);
  return tag === 0x30 && body[0] === 2 && body[1] === 1 && ((body[3] ?? 0) & 0x60) === 0x60;
}

/** Message length (little endian), then at octet 12 the operation: OP_REPLY or OP_MSG. */
function isMongodb(octets: Uint8Array): boolean {
  if (octets.length < 16) return false;
  const view = new DataView(octets.buffer, octets.byteOffset);
  const operation = view.getUint32(12, true);
  return view.getUint32(0, true) >= 16 && (operation === 1 || operation === 2013);
}
