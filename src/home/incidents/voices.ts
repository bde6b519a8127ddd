/**
 * Who stands behind many. Where there are enough senders to bear each other out, they are counted in place of their
 * delegates, so that one cannot open an incident, nor drown it, by delegates that it makes up: a sender is one voice,
 * unless the operator has said for how many it speaks.
 */
import type { Cell, Headcount, OpenIncident, SenderRecord } from '../fleet/records.ts';
import type { IncidentSettings } from './settings.ts';

/** Half of fewer would be fewer than an incident takes. */
export function isByVoices({ voices }: Headcount, { number }: IncidentSettings): boolean {
  return voices >= 2 * number;
}

/** Those of whom the thresholds are shares. */
export function sizeOf(headcount: Headcount | undefined, settings: IncidentSettings): number {
  if (!headcount) return 0;
  return isByVoices(headcount, settings) ? headcount.voices : headcount.known;
}

/** How many of these count, of cells that belong to the headcount. */
export function countOf(
  cells: Iterable<Cell>,
  headcount: Headcount,
  settings: IncidentSettings,
): number {
  const isByVoice = isByVoices(headcount, settings);
  const heard = new Set<SenderRecord>();
  let count = 0;
  for (const { delegate } of cells) {
    const { sender } = delegate;
    if (isByVoice && sender && !sender.seen.isMany) heard.add(sender);
    else count += 1;
  }
  return count + heard.size;
}

/** Whether every delegate is a voice, so that nothing needs to be counted out. */
export function isEachAVoice(headcount: Headcount, settings: IncidentSettings): boolean {
  return headcount.voices === headcount.known || !isByVoices(headcount, settings);
}

/** Of the members of an incident. */
export function membersCount(
  { members, senders }: OpenIncident,
  headcount: Headcount | undefined,
  settings: IncidentSettings,
): number {
  if (!headcount || isEachAVoice(headcount, settings)) return members.size;
  return [...senders].reduce(
    (sum, [sender, count]) => sum + (!sender || sender.seen.isMany ? count : 1),
    0,
  );
}

/** Of so few senders it is said who they are. */
const few = 3;

/** The senders of an incident, where they are so few that they do not bear each other out; otherwise empty. */
export function namesOfFew({ members, senders }: OpenIncident): readonly string[] {
  if (senders.size >= few || senders.size === members.size) return [];
  const names = [...senders.keys()].flatMap((sender) =>
    sender && !sender.seen.isMany ? [sender.seen.identity] : [],
  );
  return names.length === senders.size ? names.toSorted() : [];
}
