/** An incident as it is told: frozen numbers in place of sets that go on changing. */
import type { Confidence } from '../../diagnosis/cause.ts';
import { confidences } from '../../diagnosis/cause.ts';
import type { Fault, OpenIncident } from '../fleet/records.ts';
import type { AccountAffected, Incident, Signature, Variant } from './incident.ts';
import { knownOf } from './members.ts';
import { namesOfFew } from './voices.ts';

const maxVariants = 16;
const maxChanged = 8;
const maxAccounts = 8;

export function snapshot(open: OpenIncident): Incident {
  const { id, kind, scope, crowd, openedMs, firstMs, lastGoodMs, peak, members } = open;
  const { sample, timeline, reopenings, related } = open;
  const { closedMs, closedBecause, mergedInto } = open;
  const brought = broughtBy(open);
  const known = closedMs === undefined ? knownOf(open) : open.peakKnown;
  const variants = variantsOf(open);
  const lead = variants[0] ?? nothingSaid(crowd.watch.target);
  const { signature, title, side, confidence } = lead;
  return {
    id,
    kind,
    scope,
    state: closedMs === undefined ? 'open' : 'closed',
    target: crowd.watch.target,
    signature,
    title,
    ...(side && { side }),
    ...(confidence && { confidence }),
    variants,
    openedMs,
    firstMs,
    ...(lastGoodMs !== undefined && lastGoodMs <= firstMs && { lastGoodMs }),
    affected: members.size,
    peak,
    known,
    peakKnown: open.peakKnown,
    share: known === 0 ? 0 : Math.min(members.size / known, 1),
    changed: changedOf(open, signature.cause),
    sample,
    accounts: accountsOf(open),
    timeline,
    reopenings,
    related,
    ...(brought.length > 0 && { broughtBy: brought }),
    ...(closedMs !== undefined && { closedMs }),
    ...(closedBecause && { closedBecause }),
    ...(mergedInto !== undefined && { mergedInto }),
  };
}

/** The leading cause, side and confidence as one text, by which a change is noticed. */
export function leadOf(open: OpenIncident): string {
  const [lead] = variantsOf(open);
  return lead ? [lead.signature.cause, lead.side, lead.confidence].join(' ') : '';
}

/** Keeps what was said, for the time when few say it any more. */
export function remember(open: OpenIncident): void {
  if (isFading(open)) return;
  open.lastVariants = variantsOf(open);
  open.lastBroughtBy = broughtBy(open);
  open.lastChanged = changedOf(open, open.lastVariants[0]?.signature.cause ?? '');
}

function nothingSaid(target: string): Pick<Variant, 'signature' | 'title' | 'side' | 'confidence'> {
  const signature: Signature = { target, cause: 'unknown' };
  return { signature, title: 'No cause was named' };
}

/** Those who are the last to recover do not say best what it was. */
function isFading({ members, peak }: OpenIncident): boolean {
  return 2 * members.size < peak;
}

function broughtBy(open: OpenIncident): readonly string[] {
  return isFading(open) ? open.lastBroughtBy : namesOfFew(open);
}

/** Those of the leading cause first, then by number. */
function variantsOf(open: OpenIncident): readonly Variant[] {
  if (isFading(open) && open.lastVariants.length > 0) return open.lastVariants;
  const groups = new Map<string, (readonly [Fault, number])[]>();
  const byCause = new Map<string, number>();
  for (const [fault, affected] of open.faults) {
    const { key, signature, confidence } = fault;
    const group = groups.get(key);
    if (group) group.push([fault, affected]);
    else groups.set(key, [[fault, affected]]);
    const weight = affected * weightOf(confidence);
    byCause.set(signature.cause, (byCause.get(signature.cause) ?? 0) + weight);
  }
  const weightOfCause = ({ signature }: Variant): number => byCause.get(signature.cause) ?? 0;
  return [...groups.values()]
    .map(variantOf)
    .toSorted(
      (one, other) =>
        weightOfCause(other) - weightOfCause(one) ||
        compare(one.signature.cause, other.signature.cause) ||
        other.affected - one.affected,
    )
    .slice(0, maxVariants);
}

/** What is certain tells more than what is possible. */
function weightOf(confidence: Confidence | undefined): number {
  return confidence === undefined ? 1 : confidences.length - confidences.indexOf(confidence);
}

function variantOf(group: readonly (readonly [Fault, number])[]): Variant {
  const [[most]] = group.toSorted(([, one], [, other]) => other - one) as [[Fault, number]];
  const { signature, title, side, confidence } = most;
  const affected = group.reduce((sum, [, number]) => sum + number, 0);
  return {
    signature,
    title,
    ...(side && { side }),
    ...(confidence && { confidence }),
    affected,
  };
}

function compare(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}

/** Of a gateway, what is the gateway's: the delegates' own files differ from one to the next. */
function changedOf(open: OpenIncident, lead: string): Incident['changed'] {
  if (isFading(open) && open.lastChanged.length > 0) return open.lastChanged;
  const said = [...open.faults]
    .filter(([fault]) => fault.changes.length > 0)
    .toSorted(([one, many], [other, more]) => {
      const [isLead, isOtherLead] = [one, other].map(({ signature }) => signature.cause === lead);
      return Number(isOtherLead) - Number(isLead) || more - many;
    });
  const changes = said[0]?.[0].changes ?? open.lastChanged;
  const gateways = changes.filter(({ what }) => /^(?:tls|http|websocket)\.(?!progress)/.test(what));
  return (open.kind === 'gateway' ? gateways : changes).slice(0, maxChanged);
}

function accountsOf({ accounts }: OpenIncident): readonly AccountAffected[] {
  return [...accounts]
    .filter(([account]) => account !== '')
    .map(([account, affected]) => ({ account, affected }))
    .toSorted((one, other) => other.affected - one.affected)
    .slice(0, maxAccounts);
}
