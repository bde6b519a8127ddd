/** Asks tshark what stands in a capture, with the keys: one Decoded a connection. */
import { type ExecFileSyncOptions, execFileSync } from 'node:child_process';
import type {
  Decoded,
  DecodedClientHello,
  DecodedMessage,
  DecodedServerHello,
} from '../../test/corpus/decoded.ts';
import { allOf, type Field, firstOf, numberOf, numbersOf, readPdml } from './pdml.ts';

export interface Capture {
  /** pcap or pcapng. */
  readonly path: string;
  readonly keyLogPath: string;
  /** Where servers listened: tshark takes what is there for TLS. */
  readonly serverPorts: readonly number[];
}

/** In the order of their first packets. Throws when tshark fails. */
export function decodeCapture(capture: Capture): readonly Decoded[] {
  const packets = readPdml(runTshark(capture, ['-T', 'pdml', '-J', 'frame tcp tls']));
  const authorities = readAuthorities(capture);
  const connections = new Map<string, Connection>();
  for (const packet of packets) {
    const tcp = firstOf(packet, 'tcp');
    if (!tcp) continue;
    const stream = firstOf(tcp, 'tcp.stream')?.show ?? '';
    let connection = connections.get(stream);
    if (!connection) {
      connection = newConnection(tcp, capture.serverPorts);
      connections.set(stream, connection);
    }
    readPacket(connection, packet, tcp, authorities);
  }
  return [...connections.values()].map(({ decoded }) => decoded);
}

export function tsharkVersion(): string {
  return /\d+\.\d+\.\d+/.exec(execFileSync('tshark', ['--version'], quiet).toString())?.[0] ?? '';
}

const quiet: ExecFileSyncOptions = {
  stdio: ['ignore', 'pipe', 'pipe'],
  maxBuffer: 1024 * 1024 * 1024,
};

function runTshark(capture: Capture, output: readonly string[]): string {
  const args = [
    ...['-r', capture.path, '-o', `tls.keylog_file:${capture.keyLogPath}`],
    // What TLS carries concerns nobody here, and some of it makes tshark leave TLS.
    ...capture.serverPorts.flatMap((port) => ['-d', `tcp.port==${port},tls`]),
    ...['--disable-protocol', 'http', '--disable-protocol', 'http2', ...output],
  ];
  return execFileSync('tshark', args, quiet).toString();
}

type Direction = 'sent' | 'received';

interface Connection {
  readonly decoded: Mutable<Decoded>;
  /** Older versions than TLS 1.3: what follows is protected. */
  readonly cipherSpec: Record<Direction, boolean>;
}

type Mutable<Type> = { -readonly [Key in keyof Type]: Unlocked<Type[Key]> };
type Unlocked<Type> = Type extends readonly (infer Item)[] ? Item[] : Type;

function newConnection(tcp: Field, serverPorts: readonly number[]): Connection {
  const from = numberOf(tcp, 'tcp.srcport');
  const to = numberOf(tcp, 'tcp.dstport');
  const [clientPort, serverPort] = serverPorts.includes(to) ? [from, to] : [to, from];
  return {
    decoded: {
      clientPort,
      serverPort,
      sent: [],
      received: [],
      applicationDataSent: false,
      applicationDataReceived: false,
      closes: [],
    },
    cipherSpec: { sent: false, received: false },
  };
}

function readPacket(
  connection: Connection,
  packet: Field,
  tcp: Field,
  authorities: ReadonlyMap<string, readonly string[]>,
): void {
  const { decoded } = connection;
  const isSent = numberOf(tcp, 'tcp.srcport') === decoded.clientPort;
  const direction: Direction = isSent ? 'sent' : 'received';
  for (const tls of packet.fields.filter(({ name }) => name === 'tls')) {
    for (const record of allOf(tls, 'tls.record')) readRecord(connection, record, direction);
  }
  const names = authorities.get(firstOf(packet, 'frame.number')?.show ?? '');
  if (names && decoded.certificateRequest?.authorities.length === 0) {
    decoded.certificateRequest = { ...decoded.certificateRequest, authorities: names };
  }
  const flags = numberOf(tcp, 'tcp.flags');
  if ((flags & tcpReset) !== 0) decoded.closes.push(`${direction} reset`);
  else if ((flags & tcpFin) !== 0) decoded.closes.push(`${direction} fin`);
}

const tcpFin = 1;
const tcpReset = 4;

function readRecord(connection: Connection, record: Field, direction: Direction): void {
  const { decoded, cipherSpec } = connection;
  const isOpened = firstOf(record, 'tls.record.opaque_type') !== undefined;
  const isProtected = isOpened || cipherSpec[direction];
  for (const field of record.fields) {
    const message = readMessage(field, isProtected, numberOf(record, 'tls.record.length'));
    if (message) decoded[direction].push(message);
    if (field.name === 'tls.handshake') readHandshake(decoded, field, direction);
  }
  const type = numberOf(record, 'tls.record.content_type');
  if (type === 23 && direction === 'sent') decoded.applicationDataSent = true;
  if (type === 23 && direction === 'received') decoded.applicationDataReceived = true;
  const isTls13 = decoded.serverHello?.version === 0x0304;
  if (type === 20 && decoded.serverHello && !isTls13) cipherSpec[direction] = true;
}

/** `recordBytes` is the size of what tshark could not open. */
function readMessage(
  field: Field,
  encrypted: boolean,
  recordBytes: number,
): DecodedMessage | undefined {
  switch (field.name) {
    case 'tls.handshake': {
      const code = numberOf(field, 'tls.handshake.type');
      const sizeBytes = numberOf(field, 'tls.handshake.length') + 4;
      if (!Number.isNaN(code)) return { name: handshakeName(field), code, sizeBytes, encrypted };
      // Else a piece of a message that the next records complete.
      return field.label.includes('Encrypted Handshake Message')
        ? { name: 'encrypted_handshake', code: 22, sizeBytes: recordBytes, encrypted }
        : undefined;
    }
    case 'tls.alert_message': {
      const code = numberOf(field, 'tls.alert_message.desc');
      const level = numberOf(field, 'tls.alert_message.level');
      return Number.isNaN(code)
        ? { name: 'encrypted_alert', code: 21, sizeBytes: recordBytes, encrypted }
        : { name: 'alert', code, level, sizeBytes: 2, encrypted };
    }
    case 'tls.change_cipher_spec':
      return { name: 'change_cipher_spec', code: 20, sizeBytes: 1, encrypted };
    default:
      return undefined;
  }
}

/** `Handshake Type: Client Hello (1)` as `client_hello`. */
function handshakeName(handshake: Field): string {
  if (isRetry(handshake)) return 'hello_retry_request';
  const label = firstOf(handshake, 'tls.handshake.type')?.label ?? '';
  const text = /^Handshake Type: (.*) \(\d+\)$/.exec(label)?.[1] ?? '';
  return text.toLowerCase().replaceAll(' ', '_');
}

const isRetry = (handshake: Field): boolean =>
  firstOf(handshake, 'tls.handshake.random')?.value.startsWith('cf21ad74e59a6111') === true &&
  numberOf(handshake, 'tls.handshake.type') === 2;

function readHandshake(decoded: Mutable<Decoded>, field: Field, direction: Direction): void {
  switch (numberOf(field, 'tls.handshake.type')) {
    case 1:
      decoded.clientHello ??= readClientHello(field);
      return;
    case 2:
      if (isRetry(field)) decoded.helloRetryRequest ??= readServerHello(field);
      else decoded.serverHello ??= readServerHello(field);
      Object.assign(decoded, readAlpn(field));
      return;
    case 8:
      decoded.encryptedExtensions ??= [...numbersOf(field, 'tls.handshake.extension.type')];
      Object.assign(decoded, readAlpn(field));
      return;
    case 11:
      if (direction === 'sent') decoded.clientCertificates ??= readCertificates(field);
      else decoded.serverCertificates ??= readCertificates(field);
      return;
    case 12:
      Object.assign(decoded, readKeyExchange(field));
      return;
    case 13:
      decoded.certificateRequest ??= {
        authorities: [],
        signatureAlgorithms: requestedAlgorithms(field),
      };
      return;
  }
}

const readCertificates = (field: Field): string[] =>
  allOf(field, 'tls.handshake.certificate').map(({ value }) => value);

function readAlpn(field: Field): { alpn?: string } {
  const alpn = firstOf(field, 'tls.handshake.extensions_alpn_str')?.show;
  return alpn === undefined ? {} : { alpn };
}

function readKeyExchange(field: Field): { keyExchangeGroup?: number } {
  const group = numberOf(field, 'tls.handshake.server_named_curve');
  return Number.isNaN(group) ? {} : { keyExchangeGroup: group };
}

/** TLS 1.3 has signature_algorithms_cert besides, which tshark gives the same name. */
function requestedAlgorithms(field: Field): readonly number[] {
  const extensions = extensionsOf(field);
  const holder =
    extensions.length === 0
      ? field
      : extensions.find((extension) => numberOf(extension, 'tls.handshake.extension.type') === 13);
  return holder ? numbersOf(holder, 'tls.handshake.sig_hash_alg') : [];
}

function extensionsOf(field: Field): readonly Field[] {
  return field.fields.flatMap((child) =>
    child.fields.some(({ name }) => name === 'tls.handshake.extension.type')
      ? [child]
      : extensionsOf(child),
  );
}

function readClientHello(field: Field): DecodedClientHello {
  const extensions = extensionsOf(field);
  const algorithms = extensions.find(
    (extension) => numberOf(extension, 'tls.handshake.extension.type') === 13,
  );
  const serverName = firstOf(field, 'tls.handshake.extensions_server_name')?.show;
  const ja3 = firstOf(field, 'tls.handshake.ja3')?.show;
  return {
    legacyVersion: numberOf(field, 'tls.handshake.version'),
    sizeBytes: numberOf(field, 'tls.handshake.length'),
    supportedVersions: numbersOf(field, 'tls.handshake.extensions.supported_version'),
    cipherSuites: numbersOf(field, 'tls.handshake.ciphersuite'),
    groups: numbersOf(field, 'tls.handshake.extensions_supported_group'),
    keyShares: numbersOf(field, 'tls.handshake.extensions_key_share_group'),
    signatureAlgorithms: algorithms ? numbersOf(algorithms, 'tls.handshake.sig_hash_alg') : [],
    pointFormats: numbersOf(field, 'tls.handshake.extensions_ec_point_format'),
    extensions: numbersOf(field, 'tls.handshake.extension.type'),
    alpn: allOf(field, 'tls.handshake.extensions_alpn_str').map(({ show }) => show),
    ...(serverName !== undefined && { serverName }),
    ...(ja3 !== undefined && { ja3 }),
  };
}

function readServerHello(field: Field): DecodedServerHello {
  const legacyVersion = numberOf(field, 'tls.handshake.version');
  const selected = numberOf(field, 'tls.handshake.extensions.supported_version');
  const share = firstOf(field, 'tls.handshake.extensions_key_share_group')?.show;
  const group = share ?? firstOf(field, 'tls.handshake.extensions_key_share_selected_group')?.show;
  const ja3s = firstOf(field, 'tls.handshake.ja3s')?.show;
  const suite = firstOf(field, 'tls.handshake.ciphersuite');
  return {
    version: Number.isNaN(selected) ? legacyVersion : selected,
    legacyVersion,
    cipherSuite: Number(suite?.show),
    cipherSuiteName: /^Cipher Suite: (\S+) /.exec(suite?.label ?? '')?.[1] ?? '',
    extensions: numbersOf(field, 'tls.handshake.extension.type'),
    ...(group !== undefined && { keyShareGroup: Number(group) }),
    ...(ja3s !== undefined && { ja3s }),
  };
}

/** PDML gives no octets of the names, tshark's raw JSON does: by frame number, each list's names as DER in hex. */
function readAuthorities(capture: Capture): ReadonlyMap<string, readonly string[]> {
  const output = ['-Y', 'tls.handshake.dnames', '-T', 'json', '-x', '-J', 'frame tls'];
  const packets: unknown = JSON.parse(runTshark(capture, [...output, '--no-duplicate-keys']));
  return new Map(
    (packets as readonly unknown[]).map((packet) => [
      String(firstValue(packet, 'frame.number')),
      namesIn(hexIn(firstValue(packet, 'tls.handshake.dnames_raw'))),
    ]),
  );
}

function firstValue(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  if (name in value) return (value as Readonly<Record<string, unknown>>)[name];
  for (const inner of Object.values(value)) {
    const found = firstValue(inner, name);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** tshark gives `[hex, position, length, mask, type]`, or a list of such where a packet holds several. */
const hexIn = (raw: unknown): string => (Array.isArray(raw) ? hexIn(raw[0]) : String(raw ?? ''));

/** Each name stands behind its length in two octets. */
function namesIn(hex: string): readonly string[] {
  const names: string[] = [];
  for (let at = 0; at < hex.length; ) {
    const end = at + 4 + 2 * Number.parseInt(hex.slice(at, at + 4), 16);
    names.push(hex.slice(at + 4, end));
    at = end;
  }
  return names;
}
