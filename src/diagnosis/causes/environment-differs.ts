/** The agent and the delegate beside it are set up differently. */
import type { Evidence, SettingDifference } from '../../evidence/evidence.ts';
import type { Cause, Situation } from '../cause.ts';
import { failedStep, isServerUntrusted, proxyInUse } from '../reading.ts';
import { refusalOf } from '../refusal.ts';

export const environmentDiffers: Cause = {
  code: 'environment-differs',
  title: 'This agent is set up differently from the delegate',
  side: 'delegate',
  documentation:
    'What this look used and what the delegate uses differ in a setting: a certificate, a trust store, a proxy, the address. In a sidecar that is easily done, since each container has its own environment. So the delegate may fare otherwise than this look. It is likely to be the reason where the setting decides the step at which the look stopped, and possible elsewhere; a reason that the look shows by itself comes first. Give both containers the same settings (sidelight check --show-config prints ours).',
  explain(situation) {
    const differences = situation.evidence.delegate?.differences ?? [];
    if (differences.length === 0) return undefined;
    const telling = differences.filter(({ setting }) => decidesHere(setting, situation));
    return {
      confidence: telling.length > 0 ? 'likely' : 'possible',
      evidence: (telling.length > 0 ? telling : differences).map(differenceInWords),
      remedy: 'Give agent and delegate the same settings, then look again.',
    };
  },
};

/** Which settings decide how far a look gets. */
const decides: Readonly<Record<string, (evidence: Evidence) => boolean>> = {
  url: () => true,
  cert: (evidence) => refusalOf(evidence) !== undefined,
  key: (evidence) => refusalOf(evidence) !== undefined,
  ca: isServerUntrusted,
  proxy: (evidence) =>
    proxyInUse(evidence) !== undefined ||
    failedStep(evidence, 'dns') !== undefined ||
    failedStep(evidence, 'tcp') !== undefined,
};

function decidesHere(setting: string, { evidence }: Situation): boolean {
  return decides[setting]?.(evidence) ?? false;
}

export function differenceInWords({ setting, ours, delegates }: SettingDifference): string {
  return `Of the setting ${setting}, this look used ${ours ?? 'nothing'} and the delegate uses ${delegates ?? 'nothing'}.`;
}
