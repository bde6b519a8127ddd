/** A credential on disk that changes under its reader: what is used is always one whole issue. */
import { once } from 'node:events';
import { mkdirSync, renameSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { Worker } from 'node:worker_threads';
import { expect, test } from 'vitest';
import { CredentialStore } from '../../src/agent/credential-store.ts';
import { systemClock } from '../../src/base/clock.ts';
import type { TargetConfig } from '../../src/config/config.ts';
import type { Credential } from '../../src/credential/credential.ts';
import { diagnose } from '../../src/diagnosis/diagnose.ts';
import { look } from '../../src/probe/look.ts';
import { aim } from '../../src/target/target.ts';
import { type Issued, makePki } from '../support/openssl.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const pki = makePki(temporaryDirectory());
const ca = pki.ca('Delegate CA');
const gatewayCa = pki.ca('Gateway CA');
const server = pki.server({ ca: gatewayCa });
const older = pki.leaf({ cn: 'older', ca });
const newer = pki.leaf({ cn: 'newer', ca });

interface Place {
  readonly directory: string;
  readonly config: TargetConfig;
  readonly write: (name: string, text: string) => void;
  readonly rename: (name: string, text: string) => void;
}

/** A directory with the certificate and key of `issued`. */
function place(name: string, issued: Issued, port = 1): Place {
  const directory = join(pki.dir, name);
  mkdirSync(directory);
  const write = (file: string, text: string): void => writeFileSync(join(directory, file), text);
  write('tls.crt', issued.cert);
  write('tls.key', issued.key);
  return { directory, config: aimedAt(directory, port), write, rename: replaceIn(directory) };
}

function aimedAt(directory: string, port: number): TargetConfig {
  return {
    url: new URL(`https://localhost:${port}/`),
    address: '127.0.0.1',
    credential: {
      certPath: join(directory, 'tls.crt'),
      keyPath: join(directory, 'tls.key'),
      caPath: gatewayCa.certPath,
    },
    tls: { minVersion: '1.2', maxVersion: '1.3', alpn: ['http/1.1'] },
  };
}

function replaceIn(directory: string): (name: string, text: string) => void {
  return (name, text) => {
    writeFileSync(join(directory, `${name}.new`), text);
    renameSync(join(directory, `${name}.new`), join(directory, name));
  };
}

function storeOf(config: TargetConfig) {
  let nowMs = 0;
  const store = new CredentialStore(config, { monotonicMs: () => nowMs });
  const used = (): string | undefined => store.current().credential.clientCertificate?.sha256;
  return {
    store,
    used,
    pass: (ms: number): void => {
      nowMs += ms;
    },
  };
}

test('files replaced whole are taken as soon as certificate and key belong together', () => {
  const { config, rename } = place('renamed', older);
  const { store, used } = storeOf(config);
  expect(used()).toBe(older.sha256);
  rename('tls.crt', newer.cert);
  expect(store.hasChanged).toBe(false);
  expect(used()).toBe(older.sha256);
  rename('tls.key', newer.key);
  expect(store.hasChanged).toBe(true);
  expect(used()).toBe(newer.sha256);
  expect(store.hasChanged).toBe(false);
});

test('a pair that stays half-written is taken after a second, and no connection is made with it', () => {
  const { config, rename } = place('half', older);
  const { store, used, pass } = storeOf(config);
  used();
  rename('tls.crt', newer.cert);
  expect(store.hasChanged).toBe(false);
  pass(999);
  expect(store.hasChanged).toBe(false);
  pass(1);
  expect(store.hasChanged).toBe(true);
  const { credential, context } = store.current();
  expect(credential.seen.keyMatchesCertificate).toBe(false);
  expect(context).toBeUndefined();
});

test('files written in place are taken when they have rested for a second', () => {
  const { config, directory, write } = place('in-place', older);
  const { store, used, pass } = storeOf(config);
  used();
  write('tls.crt', newer.cert);
  expect(store.hasChanged).toBe(false);
  pass(900);
  write('tls.key', newer.key);
  utimesSync(join(directory, 'tls.key'), 1, 1);
  expect(store.hasChanged).toBe(false);
  pass(900);
  expect(used()).toBe(older.sha256);
  pass(100);
  expect(store.hasChanged).toBe(true);
  expect(used()).toBe(newer.sha256);
});

test('a file that is gone for less than a second never was; one that stays away is missed', () => {
  const { config, directory, write } = place('gone', older);
  const { store, used, pass } = storeOf(config);
  used();
  rmSync(join(directory, 'tls.key'));
  pass(500);
  expect(store.hasChanged).toBe(false);
  write('tls.key', older.key);
  expect(used()).toBe(older.sha256);
  pass(1000);
  expect(used()).toBe(older.sha256);
  rmSync(join(directory, 'tls.key'));
  expect(store.hasChanged).toBe(false);
  pass(1000);
  expect(store.hasChanged).toBe(true);
  expect(store.current().credential.seen.keyFile?.error).toBe('ENOENT');
});

/** Swaps `..data` between two directories every few milliseconds until it is told to end. */
const swapper = `
const { parentPort, workerData } = require('node:worker_threads');
const { renameSync, symlinkSync } = require('node:fs');
const pause = new Int32Array(new SharedArrayBuffer(4));
let swaps = 0;
let isOver = false;
parentPort.on('message', () => { isOver = true; });
const swap = () => {
  if (isOver) { parentPort.postMessage(swaps); parentPort.close(); return; }
  symlinkSync(swaps % 2 ? 'old' : 'new', workerData + '/..tmp');
  renameSync(workerData + '/..tmp', workerData + '/..data');
  swaps += 1;
  Atomics.wait(pause, 0, 0, 0.3 + (swaps % 4));
  setImmediate(swap);
};
swap();
`;

test('while ..data is swapped every few milliseconds, no look uses a mixed pair', async () => {
  const presented = new Set<string>();
  const gateway = createServer(
    {
      cert: server.cert,
      key: server.key,
      ca: ca.cert,
      requestCert: true,
      rejectUnauthorized: true,
    },
    (request, response) => {
      const { fingerprint256 } = (request.socket as TLSSocket).getPeerCertificate();
      presented.add(fingerprint256.replaceAll(':', '').toLowerCase());
      response.setHeader('Connection', 'close').end();
    },
  );
  await once(gateway.listen(0, '127.0.0.1'), 'listening');
  const directory = join(pki.dir, 'mounted');
  mkdirSync(directory);
  for (const [name, issued] of [
    ['old', older],
    ['new', newer],
  ] as const) {
    mkdirSync(join(directory, name));
    writeFileSync(join(directory, name, 'tls.crt'), issued.cert);
    writeFileSync(join(directory, name, 'tls.key'), issued.key);
  }
  symlinkSync('old', join(directory, '..data'));
  symlinkSync('..data/tls.crt', join(directory, 'tls.crt'));
  symlinkSync('..data/tls.key', join(directory, 'tls.key'));
  const config = aimedAt(directory, (gateway.address() as AddressInfo).port);
  const store = new CredentialStore(config, systemClock);
  const worker = new Worker(swapper, { eval: true, workerData: directory });
  const outcomes: string[] = [];
  const taken = new Set<Credential>();
  const takeOften = () => {
    // A swap falls between two files in one reading of many.
    for (let times = 0; times < 100; times += 1) {
      const { credential } = store.current();
      expect(credential.seen.keyMatchesCertificate).toBe(true);
      taken.add(credential);
    }
    return store.latest();
  };
  try {
    while (outcomes.length < 20 || taken.size < 60 || presented.size < 2) {
      const { credential, context } = takeOften();
      const evidence = await look(aim(config), credential, context, {
        clock: systemClock,
        timeoutMs: 5000,
        signal: new AbortController().signal,
      });
      outcomes.push(diagnose(evidence).outcome);
    }
  } finally {
    worker.postMessage('end');
    await once(worker, 'message');
    gateway.close();
  }
  expect(new Set(outcomes)).toEqual(new Set(['accepted']));
  expect([...presented].toSorted()).toEqual([older.sha256, newer.sha256].toSorted());
}, 30_000);
