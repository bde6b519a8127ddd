/** What became of a batch, in as many messages as it takes to keep each of them small. */
import { maxIdsPerMessage } from '../../sink/home/socket/protocol.ts';
import type { RejectedEvent, Taken } from '../intake.ts';

type Answer = Readonly<Record<string, unknown>>;

export function answersTo(
  batch: number,
  { stored, duplicates, rejected }: Extract<Taken, { kind: 'taken' }>,
): readonly Answer[] {
  const kept = inParts([...stored, ...duplicates]).map((ids) => ({ type: 'stored', batch, ids }));
  const byReason = Map.groupBy(rejected, ({ reason }) => reason);
  const refused = [...byReason].flatMap(([reason, events]) =>
    inParts(events).map((part) => ({ type: 'refused', batch, reason, ...named(part) })),
  );
  return [...kept, ...refused];
}

/** By their ids, and by their places where they have none that can be repeated. */
function named(events: readonly RejectedEvent[]): Answer {
  const indexes = events.filter(({ id }) => id === undefined).map(({ index }) => index);
  return {
    ids: events.flatMap(({ id }) => id ?? []),
    ...(indexes.length > 0 && { indexes }),
  };
}

function inParts<T>(all: readonly T[]): readonly (readonly T[])[] {
  const count = Math.ceil(all.length / maxIdsPerMessage);
  return Array.from({ length: count }, (_, part) =>
    all.slice(part * maxIdsPerMessage, (part + 1) * maxIdsPerMessage),
  );
}
