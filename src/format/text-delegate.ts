/** The part of the text that says what the Java delegate would see. */
import type { DelegateSeen } from '../evidence/evidence.ts';
import type { Report } from '../report/report.ts';
import { wrap } from './paragraph.ts';
import { asYesOrNo, factLines } from './text-seen.ts';

const outcomeInWords = {
  accepted: 'It would be accepted',
  rejected: 'It would be refused',
  failed: 'It would fail',
  unconfirmed: 'Whether it would be accepted is not known',
} as const satisfies Record<NonNullable<Report['delegateView']>['outcome'], string>;

export function delegateLines({ delegate, delegateView }: Report): readonly string[] {
  if (!delegateView) return [];
  const { outcome, because } = delegateView;
  return [
    ...wrap(`${outcomeInWords[outcome]}. ${because}`, '  '),
    ...(delegate ? ruleLines(delegate) : []),
  ];
}

function ruleLines(delegate: DelegateSeen): readonly string[] {
  const { trustStore, trustsServer, distrust, trustsAll, fips } = delegate;
  const trusted = asYesOrNo(trustsServer);
  return factLines([
    ['its trust store', trustStore && storeInWords(trustStore)],
    ['verifies the server', trusted && [trusted, distrust].filter(Boolean).join(', ')],
    ['trusts every server', asYesOrNo(trustsAll)],
    ['FIPS', asYesOrNo(fips)],
  ]);
}

function storeInWords({
  file,
  format,
  anchors,
  fault,
}: NonNullable<DelegateSeen['trustStore']>): string {
  const holds = anchors === undefined ? undefined : `${anchors} anchor${anchors === 1 ? '' : 's'}`;
  return [file.path, file.error, format, holds, fault].filter(Boolean).join(', ');
}

/** Whether the delegate fares worse than we do: then an acceptance of ours is half of the answer. */
export function isDelegateWorseOff({ outcome, delegateView }: Report): boolean {
  const theirs = delegateView?.outcome;
  return outcome === 'accepted' && (theirs === 'failed' || theirs === 'rejected');
}
