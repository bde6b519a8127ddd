/** Whole connections against real servers: what the decoder says is what the server really did. */
import { X509Certificate } from 'node:crypto';
import type { ConnectionOptions, TLSSocket } from 'node:tls';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { cipherSuiteName } from '../../src/tls/names/cipher-suites.ts';
import { groupName } from '../../src/tls/names/groups.ts';
import type { Wire } from '../../src/tls/wire.ts';
import {
  decode,
  mintCertificates,
  mintOcspResponse,
  record,
  type Server,
  type StreamEvent,
  startNode,
  startOpenssl,
  withoutTimes,
} from './recorder.ts';

const certificates = mintCertificates();
const { directory, pem } = certificates;
const servers: Server[] = [];

const keep = (server: Server): Server => {
  servers.push(server);
  return server;
};

const both = ['-cert', 'server.crt', '-key', 'server.key', '-dcert', 'ec.crt', '-dkey', 'ec.key'];
const lax = ['-cipher', 'ALL:@SECLEVEL=0'];
const demand = ['-Verify', '1', '-verify_return_error', '-CAfile', 'ca.crt'];
const openssl = async (...args: string[]) => keep(await startOpenssl(directory, ...args));

let tls13: Server;
let etm: Server;
let noEtm: Server;

beforeAll(async () => {
  [tls13, etm, noEtm] = await Promise.all([
    openssl(...both, '-tls1_3', '-ciphersuites', tls13Suites.join(':'), '-www'),
    openssl(...both, ...lax, '-tls1_2', '-www'),
    openssl(...both, ...lax, '-tls1_2', '-www', '-no_etm'),
  ]);
});

afterAll(() => {
  for (const server of servers) server.close();
  certificates.remove();
});

const client: ConnectionOptions = {
  cert: pem('client.crt'),
  key: pem('client.key'),
};

const der = (name: string): Buffer => new X509Certificate(pem(name)).raw;
const names = (wire: Wire, direction: string): string[] =>
  wire.messages.filter((message) => message.direction === direction).map(({ name }) => name);
const lateKeys = (events: readonly StreamEvent[]): StreamEvent[] => [
  ...events.filter(({ kind }) => kind !== 'keylog'),
  ...events.filter(({ kind }) => kind === 'keylog'),
];

const tls13Suites = [
  'TLS_AES_128_GCM_SHA256',
  'TLS_AES_256_GCM_SHA384',
  'TLS_CHACHA20_POLY1305_SHA256',
  'TLS_AES_128_CCM_SHA256',
  'TLS_AES_128_CCM_8_SHA256',
];

test.for(tls13Suites)('reads a whole TLS 1.3 connection under %s', async (suite) => {
  const { wire, events, secured } = await record(tls13.port, {
    ciphers: `${suite}:DEFAULT:@SECLEVEL=0`,
    servername: 'localhost',
  });
  expect(secured).toBe(true);
  expect(cipherSuiteName(wire.serverHello?.cipherSuite ?? 0)).toBe(suite);
  expect(wire.serverHello?.version).toBe(0x0304);
  expect(groupName(wire.serverHello?.keyShareGroup ?? 0)).toBe('x25519');
  expect(names(wire, 'received')).toEqual([
    ...['server_hello', 'change_cipher_spec', 'encrypted_extensions', 'certificate'],
    ...['certificate_verify', 'finished', 'new_session_ticket', 'new_session_ticket', 'alert'],
  ]);
  expect(names(wire, 'sent').slice(0, 3)).toEqual([
    'client_hello',
    'change_cipher_spec',
    'finished',
  ]);
  expect(wire).toMatchObject({
    finishedSent: true,
    finishedReceived: true,
    ticketsReceived: 2,
    applicationDataSent: true,
    applicationDataReceived: true,
    certificateRequestedAfterHandshake: false,
  });
  expect(wire.fault).toBeUndefined();
  expect(wire.certificateRequest).toBeUndefined();
  expect(wire.clientCertificates).toBeUndefined();
  expect(wire.alerts[0]).toMatchObject({
    direction: 'received',
    level: 1,
    code: 0,
    encrypted: true,
    afterFinished: true,
  });
  expect(decode(lateKeys(events))).toEqual(withoutTimes(wire));
});

const tls12Suites = [
  'AES128-GCM-SHA256',
  'ECDHE-RSA-AES256-GCM-SHA384',
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'DHE-RSA-AES128-GCM-SHA256',
  'ECDHE-RSA-CHACHA20-POLY1305',
  'DHE-RSA-CHACHA20-POLY1305',
  'AES128-SHA',
  'ECDHE-RSA-AES256-SHA',
  'DHE-RSA-AES256-SHA256',
  'ECDHE-ECDSA-AES256-SHA384',
  'ECDHE-RSA-CAMELLIA128-SHA256',
  'AES256-CCM',
  'ECDHE-ECDSA-AES128-CCM8',
  'ARIA256-GCM-SHA384',
];
const tls12Cases = tls12Suites.flatMap((suite) =>
  /SHA(?:256|384)?$/.test(suite) && !/GCM|POLY/.test(suite)
    ? [
        { suite, mode: 'encrypt-then-MAC' },
        { suite, mode: 'MAC-then-encrypt' },
      ]
    : [{ suite, mode: 'AEAD' }],
);

test.for(tls12Cases)('reads a whole TLS 1.2 connection under $suite, $mode', async (row) => {
  const server = row.mode === 'MAC-then-encrypt' ? noEtm : etm;
  const { wire, events, cipher } = await record(server.port, {
    ciphers: `${row.suite}:@SECLEVEL=0`,
    maxVersion: 'TLSv1.2',
  });
  expect(cipherSuiteName(wire.serverHello?.cipherSuite ?? 0)).toBe(cipher);
  expect(wire.serverHello?.version).toBe(0x0303);
  expect(wire.serverHello?.extensions.includes(22)).toBe(row.mode === 'encrypt-then-MAC');
  expect(wire.keyExchangeGroup).toBe(row.suite.startsWith('ECDHE') ? 29 : undefined);
  expect(wire.serverCertificates?.[0]).toEqual(
    new Uint8Array(der(row.suite.includes('ECDSA') ? 'ec.crt' : 'server.crt')),
  );
  expect(names(wire, 'received').slice(-3)).toEqual(['change_cipher_spec', 'finished', 'alert']);
  expect(names(wire, 'sent').slice(0, 4)).toEqual([
    ...['client_hello', 'client_key_exchange', 'change_cipher_spec', 'finished'],
  ]);
  expect(wire.alerts[0]).toMatchObject({ direction: 'received', code: 0, encrypted: true });
  expect(wire).toMatchObject({ finishedSent: true, finishedReceived: true });
  expect(wire.applicationDataReceived).toBe(true);
  expect(wire.fault).toBeUndefined();
  expect(decode(lateKeys(events))).toEqual(withoutTimes(wire));
});

test('tells a HelloRetryRequest from the ServerHello that follows it', async () => {
  const server = await openssl(...both, '-groups', 'P-384', '-www');
  const { wire, secured } = await record(server.port, { ecdhCurve: 'X25519:P-384' });
  expect(secured).toBe(true);
  expect(wire.helloRetryRequest).toMatchObject({ version: 0x0304, keyShareGroup: 24 });
  expect(wire.serverHello).toMatchObject({ version: 0x0304, keyShareGroup: 24 });
  expect(wire.clientHello).toMatchObject({ groups: [29, 24], keyShares: [29] });
  expect(wire.messages.slice(0, 6).map(({ name }) => name)).toEqual([
    ...['client_hello', 'hello_retry_request', 'change_cipher_spec', 'change_cipher_spec'],
    ...['client_hello', 'server_hello'],
  ]);
  expect(wire.ticketsReceived).toBe(2);
});

test("reads Node's own server: hybrid group, ALPN, ClientHello as sent", async () => {
  const server = keep(
    await startNode({
      key: pem('ec.key'),
      cert: pem('ec.crt') + pem('ca.crt'),
      ALPNProtocols: ['http/1.1'],
    }),
  );
  const { wire } = await record(server.port, {
    servername: 'localhost',
    ALPNProtocols: ['h2', 'http/1.1'],
  });
  expect(groupName(wire.serverHello?.keyShareGroup ?? 0)).toBe('X25519MLKEM768');
  expect(wire.alpn).toBe('http/1.1');
  expect(wire.encryptedExtensions).toContain(16);
  expect(wire.serverCertificates).toEqual([
    new Uint8Array(der('ec.crt')),
    new Uint8Array(der('ca.crt')),
  ]);
  expect(wire.clientHello).toMatchObject({
    legacyVersion: 0x0303,
    serverName: 'localhost',
    alpn: ['h2', 'http/1.1'],
    supportedVersions: [0x0304, 0x0303],
    keyShares: [4588, 29],
  });
  expect(wire.clientHello?.sizeBytes).toBe((wire.messages[0]?.sizeBytes ?? 0) - 4);
});

const refusals = [
  { version: 'TLSv1.3', given: 'no certificate', code: 116, encrypted: true },
  { version: 'TLSv1.2', given: 'no certificate', code: 40, encrypted: false },
  { version: 'TLSv1.3', given: 'an unknown authority', code: 48, encrypted: true },
  { version: 'TLSv1.2', given: 'an unknown authority', code: 48, encrypted: false },
] as const;

test.for(refusals)('reads alert $code of a server given $given over $version', async (row) => {
  const flag = row.version === 'TLSv1.3' ? '-tls1_3' : '-tls1_2';
  const server = await openssl(...both, flag, '-www', ...demand);
  const unknown = row.code === 48 ? { cert: strangerPem, key: strangerKey } : undefined;
  const { wire, events } = await record(server.port, { ...(unknown ?? {}) });
  expect(wire.alerts[0]).toMatchObject({
    direction: 'received',
    level: 2,
    code: row.code,
    encrypted: row.encrypted,
    afterFinished: true,
  });
  expect(wire.clientCertificates).toEqual(unknown ? [new Uint8Array(strangerDer)] : []);
  expect(
    wire.certificateRequest?.authorities.map((name) => Buffer.from(name).toString('latin1')),
  ).toEqual([expect.stringContaining('Test CA')]);
  expect(wire.certificateRequest?.signatureAlgorithms).toContain(0x0403);
  expect(decode(lateKeys(events))).toEqual(withoutTimes(wire));
});

const stranger = mintCertificates();
const strangerPem = stranger.pem('client.crt');
const strangerKey = stranger.pem('client.key');
const strangerDer = new X509Certificate(strangerPem).raw;
stranger.remove();

test.for(['TLSv1.3', 'TLSv1.2'] as const)(
  'reads an accepted client certificate over %s',
  async (version) => {
    const flag = version === 'TLSv1.3' ? '-tls1_3' : '-tls1_2';
    const server = await openssl(...both, flag, '-www', ...demand);
    const { wire } = await record(server.port, client);
    expect(wire.clientCertificates).toEqual([new Uint8Array(der('client.crt'))]);
    expect(names(wire, 'sent')).toContain('certificate_verify');
    expect(wire.applicationDataReceived).toBe(true);
    expect(wire.alerts.every(({ code }) => code === 0)).toBe(true);
  },
);

test('reads protocol_version in clear when no version is shared', async () => {
  const { wire } = await record(etm.port, { minVersion: 'TLSv1.3' });
  expect(wire.alerts).toMatchObject([
    { direction: 'received', level: 2, code: 70, encrypted: false, afterFinished: false },
  ]);
  expect(wire.serverHello).toBeUndefined();
});

test('names a TLS 1.0 server by its ServerHello', async () => {
  const server = await openssl(...both, '-tls1', '-cipher', 'ALL:@SECLEVEL=0', '-www');
  const { wire } = await record(server.port, {
    minVersion: 'TLSv1',
    ciphers: 'ALL:@SECLEVEL=0',
  });
  expect(wire.serverHello?.version).toBe(0x0301);
  expect(wire).toMatchObject({ finishedSent: true, finishedReceived: true });
  expect(names(wire, 'received').slice(-2)).toEqual(['encrypted_handshake', 'encrypted_alert']);
  expect(wire.fault).toBeUndefined();
});

test('reads the alert that our side sends when a record was tampered with', async () => {
  let seen = 0;
  const alter = (octets: Buffer): Buffer => {
    // The last octet of the first flight stands in the tag of an encrypted record.
    if (seen === 0) octets[octets.length - 1] = (octets.at(-1) ?? 0) ^ 1;
    seen += 1;
    return octets;
  };
  const { wire, secured } = await record(tls13.port, {}, { alter });
  expect(secured).toBe(false);
  expect(wire.alerts).toMatchObject([
    { direction: 'sent', level: 2, code: 20, afterFinished: false },
  ]);
  expect(wire.fault).toMatchObject({ direction: 'received', kind: 'decrypt' });
});

test.for(['TLSv1.3', 'TLSv1.2'] as const)(
  'finds the stapled OCSP response over %s',
  async (maxVersion) => {
    const response = mintOcspResponse(certificates);
    const server = await openssl(
      '-cert',
      'ec.crt',
      '-key',
      'ec.key',
      '-status_file',
      'ocsp.der',
      '-www',
    );
    const { wire } = await record(server.port, { requestOCSP: true, maxVersion });
    expect(wire.ocspResponse && Buffer.from(wire.ocspResponse).equals(response)).toBe(true);
  },
);

test('follows KeyUpdate of both sides', async () => {
  const server = await openssl(...both, '-tls1_3');
  const use = async (socket: TLSSocket): Promise<void> => {
    const answered = new Promise((resolve) => socket.on('data', resolve));
    server.type('K\n');
    await new Promise((resolve) => setTimeout(resolve, 50));
    socket.write('to the server\n');
    server.type('from the server\n');
    await answered;
  };
  const { wire, events } = await record(server.port, {}, { use });
  expect(wire.keyUpdatesReceived).toBe(1);
  expect(names(wire, 'sent')).toContain('key_update');
  expect(wire).toMatchObject({ applicationDataSent: true, applicationDataReceived: true });
  expect(wire.alerts).toContainEqual(
    expect.objectContaining({ direction: 'sent', code: 0, encrypted: true, afterFinished: true }),
  );
  expect(wire.fault).toBeUndefined();
  expect(decode(lateKeys(events))).toEqual(withoutTimes(wire));
});

test('follows a renegotiation of TLS 1.2 that asks for a certificate', async () => {
  const server = await openssl(
    ...both,
    ...['-tls1_2', '-CAfile', 'ca.crt', '-no_ticket', '-no_cache'],
  );
  const use = async (): Promise<void> => {
    server.type('R\n');
    await new Promise((resolve) => setTimeout(resolve, 150));
  };
  const { wire, events } = await record(server.port, client, { use });
  expect(names(wire, 'received')).toContain('hello_request');
  expect(wire.certificateRequest).toBeDefined();
  expect(wire.clientCertificates).toEqual([new Uint8Array(der('client.crt'))]);
  expect(wire.messages.filter(({ name }) => name === 'finished')).toHaveLength(4);
  expect(wire.fault).toBeUndefined();
  expect(decode(lateKeys(events))).toEqual(withoutTimes(wire));
});

test('reads a resumed TLS 1.2 session, where the server finishes first', async () => {
  let session: Buffer | undefined;
  const use = async (socket: TLSSocket): Promise<void> => {
    session = socket.getSession();
  };
  await record(etm.port, {}, { use });
  const { wire, events } = await record(etm.port, { ...(session && { session }) });
  expect(wire.serverCertificates).toBeUndefined();
  expect(
    wire.messages.filter(({ name }) => name === 'finished').map(({ direction }) => direction),
  ).toEqual(['received', 'sent']);
  expect(wire.fault).toBeUndefined();
  expect(decode(lateKeys(events))).toEqual(withoutTimes(wire));
});
