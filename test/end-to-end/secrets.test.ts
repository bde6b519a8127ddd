/** The secrets of a handshake, as the server logs them, are found nowhere that the program leaves a trace. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { type Issued, makePki } from '../support/openssl.ts';
import { startSServer } from '../support/s-server.ts';
import { sidelight } from '../support/sidelight.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const directory = temporaryDirectory();
const versions = ['-tls1_3', '-tls1_2'] as const;
let gatewayCa: Issued;
let client: Issued;
let serverArguments: readonly string[];

beforeAll(() => {
  const pki = makePki(directory);
  const delegateCa = pki.ca('Delegate CA');
  gatewayCa = pki.ca('Gateway CA');
  const server = pki.server({ ca: gatewayCa });
  client = pki.leaf({ cn: 'delegate-1', ca: delegateCa });
  serverArguments = [
    ...['-cert', server.certPath, '-key', server.keyPath, '-CAfile', delegateCa.certPath],
    ...['-Verify', '1', '-verify_return_error', '-www'],
  ];
});

/** Every secret of the server's key log, in the forms in which it could turn up. */
function secretsIn(keyLog: string): readonly Buffer[] {
  const secrets = readFileSync(keyLog, 'latin1')
    .split('\n')
    .filter((line) => !line.startsWith('#'))
    .map((line) => line.split(' ')[2] ?? '')
    .filter((hex) => hex.length >= 64);
  expect(secrets.length).toBeGreaterThan(0);
  return secrets.flatMap((hex) => {
    const octets = Buffer.from(hex, 'hex');
    return [
      octets,
      Buffer.from(hex),
      Buffer.from(hex.toUpperCase()),
      Buffer.from(octets.toString('base64')),
    ];
  });
}

const filesIn = (path: string): readonly Buffer[] =>
  readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => readFileSync(join(parentPath, name)));

test.for(versions)('%s: not in output, report, state, spool', async (version) => {
  const traces = join(directory, `traces${version}`);
  mkdirSync(traces);
  const keyLog = join(directory, `keys${version}.log`);
  const server = await startSServer(version, ...serverArguments, '-keylogfile', keyLog);
  try {
    const target = [
      ...['check', `https://localhost:${server.port}/`, '--address', '127.0.0.1', '--verbose'],
      ...['--cert', client.certPath, '--key', client.keyPath, '--ca', gatewayCa.certPath],
      ...['--state-dir', join(traces, 'state'), '--home', 'http://127.0.0.1:1/'],
    ];
    const text = await sidelight(target);
    const json = await sidelight([
      ...[...target, '--format', 'json', '--output', join(traces, 'report.json')],
    ]);
    expect([text.code, json.code]).toEqual([0, 0]);
    const said = [text.stdout, text.stderr, json.stdout, json.stderr].map((each) =>
      Buffer.from(each),
    );
    const left = filesIn(traces);
    expect(left.length).toBeGreaterThanOrEqual(2);
    for (const secret of secretsIn(keyLog)) {
      for (const trace of [...said, ...left]) expect(trace.includes(secret)).toBe(false);
    }
  } finally {
    await server.stop();
  }
});

test.for(versions)(
  '%s: not in a heap snapshot or diagnostic report after the look',
  async (version) => {
    const crash = join(directory, `crash${version}`);
    mkdirSync(crash);
    const keyLog = join(directory, `heap-keys${version}.log`);
    const server = await startSServer(version, ...serverArguments, '-keylogfile', keyLog);
    try {
      const script = join(import.meta.dirname, '../support/heap-after-look.ts');
      const files = [gatewayCa.certPath, client.certPath, client.keyPath];
      execFileSync(process.execPath, [script, String(server.port), ...files, crash]);
      const left = filesIn(crash);
      expect(left).toHaveLength(2);
      for (const secret of secretsIn(keyLog)) {
        for (const trace of left) expect(trace.includes(secret)).toBe(false);
      }
    } finally {
      await server.stop();
    }
  },
);
