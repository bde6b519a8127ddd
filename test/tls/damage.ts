/** Harms recorded streams in ways that a broken or hostile peer could. */
import type { StreamEvent } from './recorder.ts';

/** One wound; `at` and `value` are any integers and are brought into range. */
export interface Wound {
  readonly kind: 'flip' | 'insert' | 'delete' | 'cut' | 'swap' | 'repeat' | 'zero';
  readonly event: number;
  readonly at: number;
  readonly value: number;
}

export const woundKinds = ['flip', 'insert', 'delete', 'cut', 'swap', 'repeat', 'zero'] as const;

export function damage(
  events: readonly StreamEvent[],
  wounds: readonly Wound[],
): readonly StreamEvent[] {
  return wounds.reduce(inflict, events);
}

function inflict(events: readonly StreamEvent[], wound: Wound): readonly StreamEvent[] {
  const index = wound.event % events.length;
  const event = events[index];
  if (event === undefined || event.octets.length === 0) return events;
  const next = events[index + 1];
  if (wound.kind === 'swap' && next) return events.with(index, next).with(index + 1, event);
  const octets = harm(event.octets, wound);
  return events.with(index, { ...event, octets });
}

function harm(octets: Buffer, { kind, at, value }: Wound): Buffer {
  const place = at % octets.length;
  const before = octets.subarray(0, place);
  const after = octets.subarray(place);
  switch (kind) {
    case 'insert':
      return Buffer.concat([before, Buffer.of(value & 0xff), after]);
    case 'delete':
      return Buffer.concat([before, after.subarray(1 + (value % 8))]);
    case 'cut':
      return Buffer.from(before);
    case 'repeat':
      return Buffer.concat([before, after.subarray(0, value), after]);
    case 'zero':
      return Buffer.concat([
        before,
        Buffer.alloc(Math.min(value % 16, after.length)),
        after.subarray(value % 16),
      ]);
    default:
      return Buffer.concat([
        before,
        Buffer.of((after[0] ?? 0) ^ (value & 0xff)),
        after.subarray(1),
      ]);
  }
}
