/** Octets a second through the decoder: a recorded connection read again and again, beside SHA-256 of the same octets. */
import { hash } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect as connectTcp } from 'node:net';
import { connect } from 'node:tls';
import { Tap } from '../../src/probe/tap.ts';
import { Transcript } from '../../src/tls/transcript.ts';
import { type Figure, figureOf, inMbRate } from './figure.ts';
import type { Stage } from './stage.ts';

type Entry = readonly ['sent' | 'received' | 'keylog', Buffer];

export async function measureDecoder(stage: Stage): Promise<readonly Figure[]> {
  const { port } = await stage.startGateway();
  const [handshake, large] = [await record(stage, port, '/'), await record(stage, port, '/large')];
  return [
    compare('decoder, a handshake and its answer', handshake, stage.quick),
    compare('decoder, an answer of 400 kB', large, stage.quick),
  ];
}

function compare(what: string, entries: readonly Entry[], quick: boolean): Figure {
  const octets = entries.filter(([kind]) => kind !== 'keylog').map(([, chunk]) => chunk);
  const total = octets.reduce((sum, { length }) => sum + length, 0);
  const times = Math.max(3, Math.round((quick ? 1e6 : 4e6) / total));
  const pairs: (readonly [number, number])[] = [];
  for (let round = 0; round <= (quick ? 5 : 15); round += 1) {
    const ours = cpuSeconds(times, () => decode(entries));
    const digest = cpuSeconds(times, () => octets.map((chunk) => hash('sha256', chunk, 'buffer')));
    pairs.push([total / ours, total / digest]);
  }
  return figureOf(what, 'SHA-256 of the same octets', pairs.slice(1), inMbRate);
}

function decode(entries: readonly Entry[]): void {
  const transcript = new Transcript();
  for (const [kind, octets] of entries) {
    if (kind === 'keylog') transcript.keylog(octets);
    else transcript[kind](octets, 1);
  }
  const { applicationDataReceived } = transcript.snapshot();
  transcript.forget();
  if (!applicationDataReceived) throw new Error('the recording was not opened');
}

/** Of one turn. */
function cpuSeconds(times: number, work: () => unknown): number {
  const before = process.cpuUsage();
  for (let turn = 0; turn < times; turn += 1) work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6 / times;
}

async function record({ files }: Stage, port: number, path: string): Promise<readonly Entry[]> {
  const entries: Entry[] = [];
  const tcp = connectTcp({ host: '127.0.0.1', port });
  await once(tcp, 'connect');
  const watcher = {
    sent: (octets: Uint8Array) => void entries.push(['sent', Buffer.from(octets)]),
    received: (octets: Uint8Array) => void entries.push(['received', Buffer.from(octets)]),
  };
  const socket = connect({
    socket: new Tap(tcp, watcher, () => 0),
    servername: 'localhost',
    ca: readFileSync(files.ca),
    cert: readFileSync(files.cert),
    key: readFileSync(files.key),
  });
  socket.on('keylog', (line: Buffer) => void entries.push(['keylog', Buffer.from(line)]));
  socket.on('error', () => {}).resume();
  await once(socket, 'secureConnect');
  socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`);
  await once(socket, 'close');
  return entries;
}
