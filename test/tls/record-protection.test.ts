import { duplexPair } from 'node:stream';
import tls from 'node:tls';
import { afterAll, expect, test } from 'vitest';
import { bulkCipher } from '../../src/tls/bulk-cipher.ts';
import { KeyLog } from '../../src/tls/key-log.ts';
import { expandLabel, trafficKeys } from '../../src/tls/key-schedule.ts';
import { cipherSuites } from '../../src/tls/names/cipher-suites.ts';
import {
  protectionFromMasterSecret,
  protectionFromSecret,
  type RecordProtection,
  sealRecord,
} from '../../src/tls/record-protection.ts';
import { RecordReader, type TlsRecord } from '../../src/tls/record-reader.ts';
import { mintCertificates } from './recorder.ts';

const certificates = mintCertificates();
afterAll(() => certificates.remove());

test('key and iv of the published trace of TLS 1.3 (RFC 8448 section 3)', () => {
  const secret = Buffer.from(
    'b67b7d690cc16c4e75e54213cb2d37b4e9c912bcded9105d42befd59d391ad38',
    'hex',
  );
  const cipher = bulkCipher(0x1301);
  const { key, iv } = trafficKeys(secret, cipher!);
  expect(Buffer.from(key).toString('hex')).toBe('3fce516009c21727d0f2e4e86ee403bc');
  expect(Buffer.from(iv).toString('hex')).toBe('5d313eb2671276ee13000b30');
});

test('an expansion longer than one block continues the shorter one', () => {
  const secret = Buffer.alloc(32, 1);
  const long = expandLabel('sha256', secret, 'key', 80);
  expect(long).toHaveLength(80);
  expect(new Set(long.subarray(32, 64)).size).toBeGreaterThan(8);
});

const read = (octets: Uint8Array): TlsRecord => {
  const records: TlsRecord[] = [];
  new RecordReader().read(octets, (record) => records.push(record));
  expect(records).toHaveLength(1);
  return records[0]!;
};

const parameters = {
  masterSecret: Buffer.alloc(48, 5),
  clientRandom: Buffer.alloc(32, 6),
  serverRandom: Buffer.alloc(32, 7),
};

/** Every suite whose records can be opened, in every mode it has. */
const pairs = Object.entries(cipherSuites).flatMap(([text, name]) => {
  const suite = Number(text);
  const cipher = bulkCipher(suite);
  if (cipher === undefined) return [];
  const make = (encryptThenMac: boolean) => () =>
    name.includes('_WITH_')
      ? protectionFromMasterSecret({ ...parameters, cipherSuite: suite, encryptThenMac }, 'server')
      : protectionFromSecret(Buffer.alloc(cipher.hash === 'sha384' ? 48 : 32, 9), suite);
  return cipher.kind === 'cbc'
    ? [
        { name: `${name}, MAC-then-encrypt`, make: make(false) },
        { name: `${name}, encrypt-then-MAC`, make: make(true) },
      ]
    : [{ name, make: make(false) }];
});

test('there are many suites to try', () => {
  expect(pairs.length).toBeGreaterThan(200);
});

test('what is sealed opens again, in order only, and not when it was touched', () => {
  const failed = pairs.filter(({ make }) => {
    const [sealer, opener, stranger] = [make(), make(), make()] as RecordProtection[];
    const first = sealRecord(sealer!, 21, Buffer.of(2, 48));
    const second = sealRecord(sealer!, 21, Buffer.of(1, 0));
    const touched = Buffer.from(first);
    touched[touched.length - 1] = (touched.at(-1) ?? 0) ^ 1;
    const results = [
      stranger!.open(read(second)),
      opener!.open(read(touched)),
      opener!.open(read(first)),
      opener!.open(read(second)),
    ].map((opened) => opened && Buffer.from(opened.content).toString('hex'));
    return JSON.stringify(results) !== JSON.stringify([null, null, '0230', '0100']);
  });
  expect(failed.map(({ name }) => name)).toEqual([]);
});

test('what is too short to be a record of its suite opens as nothing', () => {
  const threw = pairs.filter(({ make }) => {
    const protection = make();
    for (let length = 0; length < 70; length += 1) {
      const fragment = Buffer.alloc(length, 3);
      if (protection?.open({ contentType: 23, version: 0x0303, fragment })) return true;
    }
    return false;
  });
  expect(threw.map(({ name }) => name)).toEqual([]);
});

test('after forget nothing opens', () => {
  const sealer = protectionFromSecret(Buffer.alloc(32, 9), 0x1301);
  const opener = protectionFromSecret(Buffer.alloc(32, 9), 0x1301);
  const record = read(sealRecord(sealer!, 21, Buffer.of(2, 48)));
  opener?.forget();
  expect(opener?.open(record)).toBeUndefined();
});

test('an alert sealed with a real server secret reaches a real client', async () => {
  const [clientSide, serverSide] = duplexPair();
  let protection: RecordProtection | undefined;
  let tickets = 0;
  const server = new tls.TLSSocket(serverSide, {
    isServer: true,
    cert: certificates.pem('ec.crt'),
    key: certificates.pem('ec.key'),
    ciphers: 'TLS_AES_256_GCM_SHA384',
    minVersion: 'TLSv1.3',
  });
  server.on('error', () => {});
  server.on('keylog', (line: Buffer) => {
    const [label, , secret = ''] = line.toString('latin1').trim().split(' ');
    if (label === 'SERVER_TRAFFIC_SECRET_0') {
      protection = protectionFromSecret(Buffer.from(secret, 'hex'), 0x1302);
    }
  });
  const client = tls.connect({ socket: clientSide, rejectUnauthorized: false });
  const code = await new Promise<string | undefined>((resolve) => {
    client.on('error', (error: NodeJS.ErrnoException) => resolve(error.code));
    client.on('session', () => {
      // Each of the two session tickets took a sequence number.
      protection?.skip();
      tickets += 1;
      if (protection && tickets === 2) {
        serverSide.write(sealRecord(protection, 21, Buffer.of(2, 48)));
      }
    });
  });
  client.destroy();
  server.destroy();
  expect(code).toMatch(/ALERT_UNKNOWN_CA$/);
});

test('a key log gives out a secret by label and random, and zeroes it at the end', () => {
  const log = new KeyLog();
  const random = Buffer.alloc(32, 0xab);
  const line = `CLIENT_RANDOM ${random.toString('hex').toUpperCase()} ${'7f'.repeat(48)}\n`;
  expect(log.add(Buffer.from(line))).toBe(true);
  expect(log.add(Buffer.from(line))).toBe(false);
  const secret = log.secret('CLIENT_RANDOM', random);
  expect(secret).toEqual(new Uint8Array(48).fill(0x7f));
  log.forget();
  expect(secret).toEqual(new Uint8Array(48));
  expect(log.secret('CLIENT_RANDOM', random)).toBeUndefined();
});

test.for([
  '',
  'CLIENT_RANDOM',
  'CLIENT_RANDOM zz zz',
  `EXPORTER_SECRET ${'00'.repeat(32)} ${'00'.repeat(32)}`,
])('a key log takes no %j', (line) => {
  expect(new KeyLog().add(Buffer.from(line))).toBe(false);
});
