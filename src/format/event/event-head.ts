/** What the header of a line says of an event, whoever's it is. */
import type { EventEntry } from '../../report/event.ts';

export interface EventHead {
  readonly code: string;
  readonly entry: EventEntry;
  /** Of the program that tells it. */
  readonly version: string;
}
