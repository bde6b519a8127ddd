/** Feeds many damaged copies of recorded connections to the decoder: `node scripts/fuzz-wire.ts [count] [seed]`. */
import process from 'node:process';
import { setImmediate } from 'node:timers/promises';
import { Transcript } from '../src/tls/transcript.ts';
import { wireLimits } from '../src/tls/wire-limits.ts';
import { damage, type Wound, woundKinds } from '../test/tls/damage.ts';
import { mintCertificates, type StreamEvent } from '../test/tls/recorder.ts';
import { recordStreams } from '../test/tls/streams.ts';
import { pastHandshake, serverMessages } from '../test/tls/synthetic.ts';

const count = Number(process.argv[2] ?? 1_000_000);
const seed = Number(process.argv[3] ?? 1);
/** Of CPU, so that a pause of the whole process is no slow input; collecting garbage is in it. */
const maxMsPerInput = 100;

const cpuMs = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

/** mulberry32: the same seed gives the same inputs. */
function randomIntegers(start: number): (limit: number) => number {
  let state = start;
  return (limit) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
  };
}

const integer = randomIntegers(seed);

const wound = (): Wound => ({
  kind: woundKinds[integer(woundKinds.length)] ?? 'flip',
  event: integer(64),
  at: integer(4_096),
  value: 1 + integer(4_096),
});

/** Chunks of another size, and keys of another time, than those that were recorded. */
function rearrange(events: readonly StreamEvent[]): StreamEvent[] {
  const size = 1 + integer(2_000);
  const keysLast = integer(4) === 0;
  const pieces = events.flatMap((event) => {
    if (event.kind === 'keylog') return keysLast ? [] : [event];
    const starts = Array.from(
      { length: Math.ceil(event.octets.length / size) },
      (_, at) => at * size,
    );
    return starts.map((at) => ({ ...event, octets: event.octets.subarray(at, at + size) }));
  });
  return keysLast ? [...pieces, ...events.filter(({ kind }) => kind === 'keylog')] : pieces;
}

function feed(events: readonly StreamEvent[]): string | undefined {
  const transcript = new Transcript();
  for (const { kind, octets, atMs } of events) {
    if (kind === 'keylog') transcript.keylog(octets);
    else transcript[kind](octets, atMs);
  }
  return judge(transcript);
}

/** Damage under a protection that holds: only so does it reach what reads the messages of TLS 1.3. */
function feedSealed(wounds: readonly Wound[]): string | undefined {
  const { transcript, server, client } = pastHandshake();
  const messages = serverMessages.map((octets) => ({ kind: 'received', octets, atMs: 0 }) as const);
  for (const { octets } of damage(messages, wounds)) {
    if (octets.length > 16_384) continue;
    transcript.received(server.seal(integer(32) === 0 ? integer(30) : 22, octets), 0);
    transcript.sent(client.seal(22, octets), 0);
  }
  return judge(transcript);
}

function judge(transcript: Transcript): string | undefined {
  const wire = transcript.snapshot();
  transcript.forget();
  if (wire.messages.length > wireLimits.messages) return 'more messages than the limit';
  if (wire.alerts.length > wireLimits.alerts) return 'more alerts than the limit';
  return undefined;
}

const certificates = mintCertificates();
const streams = await recordStreams(certificates);
certificates.remove();

let failures = 0;
let slowestMs = 0;
const started = performance.now();
for (let number = 0; number < count; number += 1) {
  // Node frees what its crypto objects hold between turns of the event loop, not within one.
  if (number % 1_000 === 0) await setImmediate();
  const stream = streams[number % streams.length];
  const wounds = Array.from({ length: 1 + integer(6) }, wound);
  const isSealed = number % 4 === 0;
  const events = isSealed ? [] : rearrange(damage(stream?.events ?? [], wounds));
  const before = cpuMs();
  let failure: string | undefined;
  try {
    failure = isSealed ? feedSealed(wounds) : feed(events);
  } catch (error) {
    failure = error instanceof Error ? error.stack : String(error);
  }
  const tookMs = cpuMs() - before;
  slowestMs = Math.max(slowestMs, tookMs);
  if (tookMs > maxMsPerInput) failure ??= `took ${tookMs.toFixed(0)} ms`;
  if (failure === undefined) continue;
  failures += 1;
  const input = JSON.stringify(wounds);
  if (failures <= 10)
    process.stderr.write(
      `${isSealed ? 'sealed' : stream?.name} input ${number} ${input}: ${failure}\n`,
    );
}
const seconds = (performance.now() - started) / 1000;
const memory = Math.round(process.memoryUsage.rss() / 1024 / 1024);
process.stdout.write(
  `${count} inputs over ${streams.length} streams, seed ${seed}: ${failures} failures, ` +
    `slowest ${slowestMs.toFixed(1)} ms of CPU, ${seconds.toFixed(0)} s, ${memory} MiB\n`,
);
process.exitCode = failures > 0 ? 1 : 0;
