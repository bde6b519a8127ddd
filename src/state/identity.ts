/** The agent's own name: made once for a state directory and kept. */
import type { DatabaseSync } from 'node:sqlite';
import type { Clock } from '../base/clock.ts';
import type { Random } from '../base/random.ts';
import { uuidV7 } from '../base/random.ts';
import { isStorageFault } from './open-database.ts';

/** A UUIDv7; as stable as the database is durable. */
export function agentId(db: DatabaseSync, clock: Clock, random: Random): string {
  const select = db.prepare("SELECT value FROM fact WHERE name = 'agent-id'");
  const known = select.get()?.['value'];
  if (known !== undefined) return String(known);
  const made = uuidV7(clock.now(), random);
  try {
    // Two processes may get here at once: the first one's id is everybody's.
    db.prepare("INSERT OR IGNORE INTO fact (name, value) VALUES ('agent-id', ?)").run(made);
    return String(select.get()?.['value']);
  } catch (error) {
    // A full disk keeps no name, and is no reason to say nothing.
    if (isStorageFault(error)) return made;
    throw error;
  }
}
