/** Both directions of a connection with its key log, cut into events by the input itself. */
import { readFileSync } from 'node:fs';
import { seeAlerts, seeTls } from '../../../src/evidence/tls-seen.ts';
import { Transcript } from '../../../src/tls/transcript.ts';
import type { Wire } from '../../../src/tls/wire.ts';
import { wireLimits } from '../../../src/tls/wire-limits.ts';
import { corpusFiles, corpusNames } from '../../../test/corpus/files.ts';
import { readSegments } from '../../../test/support/pcap.ts';
import { type FuzzTarget, hold, holdSafe } from '../target.ts';

const kinds = ['sent', 'received', 'keylog'] as const;

/** An event of an input: its kind, its length in two octets, and that many octets. */
function event(kind: (typeof kinds)[number], octets: Uint8Array): Buffer {
  const pieces: Buffer[] = [];
  for (let at = 0; at < octets.length; at += 0xffff) {
    const piece = octets.subarray(at, at + 0xffff);
    const head = Buffer.of(kinds.indexOf(kind), piece.length >> 8, piece.length & 255);
    pieces.push(Buffer.concat([head, piece]));
  }
  return Buffer.concat(pieces);
}

function seedOf(name: string): Buffer {
  const { capturePath, keyLogPath } = corpusFiles(name);
  const segments = readSegments(readFileSync(capturePath));
  const keys = readFileSync(keyLogPath, 'latin1')
    .split('\n')
    .filter((line) => line !== '');
  const [first, ...rest] = segments.map(({ direction, octets }) => event(direction, octets));
  const lines = keys.map((line) => event('keylog', Buffer.from(line, 'latin1')));
  return Buffer.concat([first ?? Buffer.alloc(0), ...lines, ...rest]);
}

function feed(input: Uint8Array): void {
  const transcript = new Transcript();
  for (let at = 0; at + 3 <= input.length; ) {
    const kind = kinds[(input[at] ?? 0) % kinds.length] ?? 'received';
    const length = (input[at + 1] ?? 0) * 256 + (input[at + 2] ?? 0);
    // A copy: keys are zeroed where they stand, and what is sent is not ours to change.
    const octets = Buffer.from(input.subarray(at + 3, at + 3 + length));
    if (kind === 'keylog') transcript.keylog(octets);
    else transcript[kind](octets, at);
    at += 3 + length;
  }
  const wire = transcript.snapshot();
  transcript.forget();
  holdWire(wire);
}

/** What must hold of whatever the decoder made of any octets. */
export function holdWire(wire: Wire): void {
  hold(wire.messages.length <= wireLimits.messages, 'more messages than the limit');
  hold(wire.alerts.length <= wireLimits.alerts, 'more alerts than the limit');
  for (const certificates of [wire.serverCertificates, wire.clientCertificates]) {
    hold(
      (certificates?.length ?? 0) <= wireLimits.certificates,
      'more certificates than the limit',
    );
  }
  const seen = { tls: seeTls(wire, {}), alerts: seeAlerts(wire) };
  holdSafe(seen, 'what was seen of TLS');
  hold(JSON.stringify(seen).length < 1024 * 1024, 'more evidence than a report may hold');
}

export const tlsStream: FuzzTarget = { seeds: corpusNames().map(seedOf), run: feed };
