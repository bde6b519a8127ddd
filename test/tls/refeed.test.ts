/** Recorded connections fed again whole, octet by octet, at every split, with late keys, damaged, and noise. */

import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { recogniseProtocol } from '../../src/tls/first-octets.ts';
import { contentType } from '../../src/tls/names/handshake-types.ts';
import { Transcript } from '../../src/tls/transcript.ts';
import { wireLimits } from '../../src/tls/wire-limits.ts';
import { damage, type Wound, woundKinds } from './damage.ts';
import { decode, mintCertificates, type StreamEvent } from './recorder.ts';
import { recordStreams } from './streams.ts';
import { handshake, pastHandshake, plainRecord, serverMessages } from './synthetic.ts';

const certificates = mintCertificates();
const streams: { name: string; events: readonly StreamEvent[] }[] = [];

beforeAll(async () => {
  for (const stream of await recordStreams(certificates)) streams.push(stream);
});
afterAll(() => certificates.remove());

const names = ['tls13', 'tls13-retry', 'tls13-refused', 'tls12-gcm', 'tls12-cbc', 'tls12-refused'];
const eventsOf = (name: string): readonly StreamEvent[] =>
  streams.find((stream) => stream.name === name)?.events ?? [];

const octetByOctet = (events: readonly StreamEvent[]): StreamEvent[] =>
  events.flatMap((event) =>
    event.kind === 'keylog'
      ? [event]
      : [...event.octets].map((octet) => ({ ...event, octets: Buffer.of(octet) })),
  );

const joined = (events: readonly StreamEvent[]): StreamEvent[] => {
  const chunks: StreamEvent[] = [];
  for (const event of events) {
    const last = chunks.at(-1);
    if (last?.kind === event.kind && event.kind !== 'keylog') {
      const octets = Buffer.concat([last.octets, event.octets]);
      chunks[chunks.length - 1] = { ...last, octets };
    } else chunks.push(event);
  }
  return chunks;
};

/** Every key log line after the chunk at `position`. */
const keysAfter = (events: readonly StreamEvent[], position: number): StreamEvent[] => {
  const isEarly = (event: StreamEvent, index: number) =>
    event.kind === 'keylog' && index < position;
  const late = events.filter(isEarly);
  const rest = events.slice(position);
  return [...events.slice(0, position).filter(({ kind }) => kind !== 'keylog'), ...late, ...rest];
};

test('the streams are there, and whole', () => {
  expect(streams.map(({ name }) => name)).toEqual(names);
  for (const { events } of streams) {
    expect(decode(events)).toMatchObject({ finishedSent: true });
    expect(decode(events)).not.toHaveProperty('fault');
  }
});

test.for(names)('%s reads the same octet by octet and joined', (name) => {
  const events = eventsOf(name);
  const whole = decode(events);
  expect(decode(octetByOctet(events))).toEqual(whole);
  expect(decode(joined(events))).toEqual(whole);
});

test.for(names)('%s reads the same at every split', (name) => {
  const events = eventsOf(name);
  const whole = JSON.stringify(decode(events));
  const failed: string[] = [];
  events.forEach((event, index) => {
    for (let at = 1; event.kind !== 'keylog' && at < event.octets.length; at += 1) {
      const parts = [event.octets.subarray(0, at), event.octets.subarray(at)];
      const split = events.toSpliced(index, 1, ...parts.map((octets) => ({ ...event, octets })));
      if (JSON.stringify(decode(split)) !== whole) failed.push(`event ${index} at ${at}`);
    }
  });
  expect(failed).toEqual([]);
});

test.for(names)('%s reads the same however late the keys come', (name) => {
  const events = eventsOf(name);
  const whole = decode(events);
  for (let position = 1; position <= events.length; position += 1) {
    expect(decode(keysAfter(events, position))).toEqual(whole);
  }
});

const wound: fc.Arbitrary<Wound> = fc.record({
  kind: fc.constantFrom(...woundKinds),
  event: fc.nat(40),
  at: fc.nat(4_000),
  value: fc.integer({ min: 1, max: 4_000 }),
});

test.for(names)(
  '%s damaged reads without a throw, and the same whole and octet by octet',
  (name) => {
    const events = eventsOf(name);
    fc.assert(
      fc.property(fc.array(wound, { minLength: 1, maxLength: 6 }), (wounds) => {
        const damaged = damage(events, wounds);
        const whole = decode(damaged);
        expect(decode(octetByOctet(damaged))).toEqual(whole);
        expect(decode(keysAfter(damaged, damaged.length))).toEqual(whole);
      }),
      { numRuns: 150 },
    );
  },
);

test('damaged messages under a protection that holds never throw', () => {
  const chunks = serverMessages.map((octets) => ({ kind: 'received', octets, atMs: 0 }) as const);
  fc.assert(
    fc.property(fc.array(wound, { minLength: 1, maxLength: 6 }), (wounds) => {
      const { transcript, server } = pastHandshake();
      for (const { octets } of damage(chunks, wounds)) {
        transcript.received(server.seal(contentType.handshake, octets.subarray(0, 16_000)), 5);
      }
      expect(transcript.snapshot().octetsReceived).toBeGreaterThan(0);
      transcript.forget();
    }),
    { numRuns: 500 },
  );
});

test('octets that come one by one cost no more than their number', () => {
  const message = handshake(11, Buffer.alloc(wireLimits.messageBytes));
  const started = performance.now();
  const transcript = new Transcript();
  for (let at = 0; at < message.length; at += 16_000) {
    for (const octet of plainRecord(contentType.handshake, message.subarray(at, at + 16_000))) {
      transcript.received(Uint8Array.of(octet), 0);
    }
  }
  expect(transcript.snapshot().messages).toMatchObject([{ sizeBytes: message.length }]);
  expect(performance.now() - started).toBeLessThan(1_000);
});

test('noise of any kind in any order never throws', () => {
  const octets = fc.oneof(
    fc.uint8Array({ maxLength: 64 }),
    fc
      .tuple(fc.constantFrom(20, 21, 22, 23, 24), fc.uint8Array({ maxLength: 300 }))
      .map(([type, body]) =>
        Uint8Array.of(type, 3, 3, body.length >> 8, body.length & 255, ...body),
      ),
  );
  const event = fc.tuple(fc.constantFrom('sent', 'received', 'keylog'), octets);
  fc.assert(
    fc.property(fc.array(event, { maxLength: 20 }), (events) => {
      const transcript = new Transcript();
      for (const [kind, chunk] of events) {
        if (kind === 'keylog') transcript.keylog(Buffer.from(chunk).toString('latin1'));
        else if (kind === 'sent') transcript.sent(chunk, 0);
        else transcript.received(chunk, 0);
      }
      const wire = transcript.snapshot();
      transcript.forget();
      const isForeign = wire.fault?.direction === 'received' && wire.fault.kind === 'not-tls';
      const protocol = recogniseProtocol(wire.firstOctetsReceived);
      if (isForeign) expect(protocol).toBeDefined();
      if (protocol) expect(wire.fault).toBeDefined();
    }),
    { numRuns: 2_000 },
  );
});
