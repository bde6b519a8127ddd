/** Makes an input from good ones: a few wounds each, of the kinds that parsers fall over. */

import { mutateDer } from './mutate-der.ts';
import { mutateJson } from './mutate-json.ts';
import type { Integer } from './random.ts';
import type { FuzzTarget } from './target.ts';

type Mutation = (octets: Buffer, integer: Integer, target: FuzzTarget) => Buffer;

const maxLength = 128 * 1024;
const telling = [
  0, 1, 0x20, 0x22, 0x30, 0x5c, 0x7b, 0x7d, 0x7f, 0x80, 0x81, 0x82, 0x83, 0x84, 0xfe, 0xff,
];

const splice = (
  octets: Buffer,
  at: number,
  removed: number,
  ...put: readonly Uint8Array[]
): Buffer => Buffer.concat([octets.subarray(0, at), ...put, octets.subarray(at + removed)]);

const place = (octets: Buffer, integer: Integer): number => integer(octets.length + 1);

/** Mostly short, at times long. */
const stretch = (integer: Integer): number => 1 + integer(integer(4) === 0 ? 4_096 : 16);

const mutations: readonly Mutation[] = [
  function flip(octets, integer) {
    const at = integer(octets.length);
    return splice(octets, at, 1, Buffer.of((octets[at] ?? 0) ^ (1 << integer(8))));
  },
  function put(octets, integer) {
    return splice(
      octets,
      place(octets, integer),
      1,
      Buffer.of(telling[integer(telling.length)] ?? 0),
    );
  },
  function insert(octets, integer) {
    return splice(octets, place(octets, integer), 0, Buffer.of(integer(256)));
  },
  function remove(octets, integer) {
    return splice(octets, place(octets, integer), stretch(integer));
  },
  function cut(octets, integer) {
    return octets.subarray(0, place(octets, integer));
  },
  function repeat(octets, integer) {
    const at = place(octets, integer);
    const part = octets.subarray(at, at + stretch(integer));
    return splice(octets, at, 0, ...Array(1 + integer(integer(8) === 0 ? 200 : 4)).fill(part));
  },
  function move(octets, integer) {
    const from = place(octets, integer);
    const part = Buffer.from(octets.subarray(from, from + stretch(integer)));
    return splice(octets, place(octets, integer), part.length, part);
  },
  function countUp(octets, integer) {
    const at = integer(octets.length);
    return splice(octets, at, 1, Buffer.of((octets[at] ?? 0) + 1 - 2 * integer(2)));
  },
  function number(octets, integer) {
    const value = Buffer.alloc(4);
    value.writeUInt32BE(integer(2) === 0 ? integer(70_000) : integer(2 ** 32));
    const size = 1 + integer(4);
    return splice(octets, place(octets, integer), size, value.subarray(4 - size));
  },
  function cross(octets, integer, { seeds }) {
    const other = seeds[integer(seeds.length)] ?? octets;
    const from = integer(other.length);
    const part = other.subarray(from, from + stretch(integer));
    return splice(octets, place(octets, integer), integer(2) * part.length, part);
  },
  function word(octets, integer, { words = [] }) {
    const put = Buffer.from(words[integer(words.length)] ?? '\0');
    return splice(octets, place(octets, integer), integer(2) * put.length, put);
  },
];

export function mutate(target: FuzzTarget, integer: Integer): Buffer {
  const { seeds, syntax } = target;
  const seed = Buffer.from(seeds[integer(seeds.length)] ?? []);
  if (syntax === 'json' && integer(3) > 0) return Buffer.from(mutateJson(seed.toString(), integer));
  if (syntax !== 'der' || integer(4) === 0) return wound(seed, 1 + integer(6), target, integer);
  let octets: Buffer = seed;
  for (let times = 1 + integer(3); times > 0; times -= 1) {
    octets = mutateDer(octets, integer, (part) => wound(part, 1 + integer(2), target, integer));
  }
  return octets.subarray(0, maxLength);
}

function wound(octets: Buffer, times: number, target: FuzzTarget, integer: Integer): Buffer {
  let wounded: Buffer = octets;
  for (let left = times; left > 0; left -= 1) {
    const mutation = mutations[integer(mutations.length)];
    if (mutation) wounded = Buffer.from(mutation(wounded, integer, target).subarray(0, maxLength));
  }
  return wounded;
}
