/** Whose a source is: it belongs to whoever brought it first, and nobody else can speak for it or use up its ids. */
import type { DatabaseSync } from 'node:sqlite';
import type { Sender } from './sender.ts';

export interface Sources {
  /** The delegate that this sender speaks for when it names `source`. Within a transaction. */
  delegateOf(source: string, sender: Sender, nowMs: number): string;
  /** Drops what is remembered beside the database. */
  forget(): void;
}

/** Remembered beside the database, so that most reports ask nothing. */
const maxRemembered = 50_000;

export function openSources(db: DatabaseSync): Sources {
  const claim = db.prepare('INSERT INTO source VALUES (?, ?, ?) ON CONFLICT DO NOTHING');
  const ask = db.prepare('SELECT owner FROM source WHERE source = ?');
  const owners = new Map<string, string>();
  const ownerOf = (source: string, sender: Sender, nowMs: number): string => {
    const known = owners.get(source);
    if (known !== undefined) return known;
    claim.run(source, sender.identity, nowMs);
    const owner = String(ask.get(source)?.['owner']);
    if (owners.size >= maxRemembered) owners.clear();
    owners.set(source, owner);
    return owner;
  };
  return {
    delegateOf: (source, sender, nowMs) =>
      ownerOf(source, sender, nowMs) === sender.identity ? source : `${sender.identity} ${source}`,
    forget: () => owners.clear(),
  };
}
