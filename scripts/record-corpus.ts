/** Records the corpus anew: real handshakes with minted keys, captured, and decoded by tshark. */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { connect as connectTcp } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { connect as connectTls } from 'node:tls';
import { corpusDirectory, corpusFiles, corpusNames } from '../test/corpus/files.ts';
import { type Issued, makePki, openssl } from '../test/support/openssl.ts';
import { startCapture } from './stacks/capture.ts';
import { endProcess, freePorts, startProcess, waitForListener } from './stacks/stack.ts';
import { decodeCapture } from './stacks/tshark.ts';

interface Recording {
  readonly name: string;
  /** Arguments of s_server; or of gnutls-serv, whose name then comes first. */
  readonly server: readonly string[];
  /** Arguments of s_client; absent: Node's client, as Sidelight uses it. */
  readonly client?: readonly string[];
  /** What is typed on either side, in order, once the handshake is done: `server:c`, `client:K`. */
  readonly typed?: readonly string[];
  /** The client ends without a word. */
  readonly isKilled?: boolean;
  /** Arguments of an s_client that connects before the capture begins. */
  readonly before?: readonly string[];
  /** Without keys nobody can open the records: for versions that we do not open. */
  readonly withoutKeys?: boolean;
}

const directory = mkdtempSync(join(tmpdir(), 'sidelight-corpus-'));
const pki = makePki(directory);
const ca = pki.ca('/O=Example/CN=Delegate CA');
const ecServer = pki.server({ ca });
const rsaServer = pki.server({ ca, keyType: 'rsa', keyUsage: 'digitalSignature,keyEncipherment' });
const client = pki.leaf({ cn: 'delegate', ca });
const session = join(directory, 'session');

const identity = ({ certPath, keyPath }: Issued): string[] => ['-cert', certPath, '-key', keyPath];
const ec = identity(ecServer);
const rsa = identity(rsaServer);
const ours = identity(client);
const demand = ['-Verify', '2', '-verify_return_error', '-CAfile', ca.certPath];
const tls12 = ['-tls1_2'];
const old = ['-cipher', 'DEFAULT@SECLEVEL=0'];

/** `-cipher` for TLS 1.2. */
const suite = (name: string): string[] => [...tls12, '-cipher', name];

const recordings: readonly Recording[] = [
  { name: 'tls13-aes256-client-certificate', server: [...ec, ...demand], client: ours },
  { name: 'tls13-aes128', server: ec, client: ['-ciphersuites', 'TLS_AES_128_GCM_SHA256'] },
  { name: 'tls13-chacha20', server: ec, client: ['-ciphersuites', 'TLS_CHACHA20_POLY1305_SHA256'] },
  { name: 'tls13-node-client', server: [...ec, ...demand, '-alpn', 'http/1.1'] },
  {
    name: 'tls13-hello-retry-request',
    server: [...ec, '-groups', 'P-384'],
    client: ['-groups', 'X25519:P-384', '-alpn', 'http/1.1'],
  },
  { name: 'tls13-late-alert', server: [...ec, ...demand], client: [] },
  { name: 'tls13-key-update', server: ec, client: [], typed: ['client:K', 'server:K', 'client:x'] },
  {
    name: 'tls13-post-handshake-request',
    server: [...ec, '-verify', '2', '-CAfile', ca.certPath],
    client: [...ours, '-enable_pha'],
    typed: ['server:c'],
    // tshark 4.0 takes the client's second Finished for its first, and opens nothing that it sends after it.
    isKilled: true,
  },
  {
    name: 'tls13-padded-and-fragmented',
    server: [...rsa, ...demand, '-record_padding', '256', '-max_send_frag', '512'],
    client: ours,
  },
  {
    name: 'tls13-resumed',
    server: ec,
    before: ['-sess_out', session],
    client: ['-sess_in', session],
  },
  { name: 'tls13-early-alert-version', server: [...ec, '-tls1_3'], client: tls12 },
  {
    name: 'tls13-early-alert-suite',
    server: [...ec, '-ciphersuites', 'TLS_AES_256_GCM_SHA384'],
    client: ['-tls1_3', '-ciphersuites', 'TLS_AES_128_GCM_SHA256'],
  },
  {
    name: 'tls13-gnutls-refuses',
    server: ['gnutls-serv', `--x509cafile=${ca.certPath}`, '--require-client-cert'],
    client: [],
  },
  { name: 'tls12-rsa-aes128-gcm', server: rsa, client: suite('AES128-GCM-SHA256') },
  {
    name: 'tls12-ecdhe-aes256-gcm-client-certificate',
    server: [...ec, ...demand],
    client: [...ours, ...suite('ECDHE-ECDSA-AES256-GCM-SHA384')],
  },
  { name: 'tls12-ecdhe-chacha20', server: ec, client: suite('ECDHE-ECDSA-CHACHA20-POLY1305') },
  { name: 'tls12-dhe-aes128-gcm', server: rsa, client: suite('DHE-RSA-AES128-GCM-SHA256') },
  { name: 'tls12-cbc-encrypt-then-mac', server: ec, client: suite('ECDHE-ECDSA-AES256-SHA384') },
  {
    name: 'tls12-cbc-mac-then-encrypt',
    server: ec,
    client: [...suite('ECDHE-ECDSA-AES128-SHA'), '-no_etm'],
  },
  { name: 'tls12-alert-before-change', server: [...ec, ...demand], client: tls12 },
  {
    name: 'tls12-alert-after-change',
    server: [...ec, '-no_renegotiation'],
    client: tls12,
    typed: ['client:R', 'client:x'],
  },
  {
    name: 'tls12-renegotiated',
    server: ec,
    client: [...tls12, '-legacy_renegotiation'],
    typed: ['server:r', 'client:x'],
  },
  {
    name: 'tls12-resumed',
    server: ec,
    before: [...tls12, '-sess_out', session],
    client: [...tls12, '-sess_in', session],
  },
  {
    name: 'tls12-stapled',
    server: [...ec, '-status_file', mintOcspResponse(ecServer)],
    client: [...tls12, '-status'],
  },
  {
    name: 'tls11-server-hello',
    server: [...ec, ...old],
    client: ['-tls1_1', ...old],
    withoutKeys: true,
  },
  {
    name: 'tls10-server-hello',
    server: [...ec, ...old],
    client: ['-tls1', ...old],
    withoutKeys: true,
  },
];

try {
  mkdirSync(corpusDirectory, { recursive: true });
  for (const name of corpusNames()) {
    const { capturePath, keyLogPath, decodedPath } = corpusFiles(name);
    for (const path of [capturePath, keyLogPath, decodedPath]) rmSync(path, { force: true });
  }
  for (const recording of recordings) await record(recording);
} finally {
  rmSync(directory, { recursive: true, force: true });
}

async function record(recording: Recording): Promise<void> {
  const { name, before, withoutKeys = false } = recording;
  const { capturePath, keyLogPath, decodedPath } = corpusFiles(name);
  const [port = 0] = await freePorts(1);
  const server = startServer(recording, port);
  try {
    await waitForListener(port, name);
    if (before) await runClient({ name, server: [], client: before }, server, port, session + name);
    const capturing = await startCapture(capturePath, [port]);
    writeFileSync(keyLogPath, '');
    await runClient(recording, server, port, withoutKeys ? join(directory, name) : keyLogPath);
    await capturing.stop();
  } finally {
    await endProcess(server);
  }
  const [decoded] = decodeCapture({ path: capturePath, keyLogPath, serverPorts: [port] });
  writeFileSync(decodedPath, `${JSON.stringify(decoded)}\n`);
  const sizes = [capturePath, keyLogPath, decodedPath].map((path) => statSync(path).size);
  process.stdout.write(`${name}: ${sizes.join(' + ')} octets\n`);
}

function startServer({ server }: Recording, port: number): ChildProcess {
  const [first, ...rest] = server;
  if (first !== 'gnutls-serv') {
    const args = ['s_server', '-accept', `127.0.0.1:${port}`, ...server];
    return startProcess('openssl', args, directory);
  }
  const { certPath, keyPath } = ecServer;
  const files = [`--x509certfile=${certPath}`, `--x509keyfile=${keyPath}`];
  return startProcess(first, [`--port=${port}`, '--http', ...files, ...rest], directory);
}

async function runClient(
  { client: args, typed = [], isKilled = false }: Recording,
  server: ChildProcess,
  port: number,
  keyLogPath: string,
): Promise<void> {
  if (!args) return runNodeClient(port, keyLogPath);
  const where = ['-connect', `127.0.0.1:${port}`, '-servername', 'localhost'];
  const all = ['s_client', ...where, '-keylogfile', keyLogPath, ...args];
  const child = startProcess('openssl', all, directory);
  child.stdin?.on('error', () => {});
  const ended = once(child, 'exit');
  for (const entry of ['client:', ...typed, 'client:']) {
    const [side, text] = entry.split(':');
    if (text) (side === 'server' ? server : child).stdin?.write(`${text}\n`);
    await pause(300);
  }
  if (isKilled) child.kill('SIGKILL');
  else child.stdin?.end();
  await ended;
}

async function runNodeClient(port: number, keyLogPath: string): Promise<void> {
  const socket = connectTls({
    socket: connectTcp(port, '127.0.0.1'),
    servername: 'localhost',
    ALPNProtocols: ['http/1.1'],
    rejectUnauthorized: false,
    cert: client.cert,
    key: client.key,
  });
  socket.on('keylog', (line: Buffer) => appendFileSync(keyLogPath, line));
  await once(socket, 'secureConnect');
  socket.write('hello\n');
  await pause(300);
  socket.end();
  await once(socket, 'close');
}

/** Its path. */
function mintOcspResponse({ certPath }: Issued): string {
  const serial = openssl(['x509', '-in', certPath, '-noout', '-serial']).toString().trim();
  const index = pki.write('index.txt', `V\t491231235959Z\t\t${serial.slice(7)}\tunknown\t/CN=x\n`);
  const path = join(directory, 'ocsp.der');
  openssl([
    ...['ocsp', '-index', index, '-CA', ca.certPath, '-rsigner', ca.certPath, '-rkey', ca.keyPath],
    ...['-issuer', ca.certPath, '-cert', certPath, '-ndays', '30', '-respout', path],
  ]);
  return path;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
