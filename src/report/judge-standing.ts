/** What the parts of a status come to together. */
import { type Status, type StatusFinding, type StatusVerdict, statusFindings } from './status.ts';

export type Standing = Omit<Status, 'schema' | 'time' | 'verdict' | 'findings'>;

/** Each finding once, the gravest first. */
export function judgeStanding(standing: Standing): Pick<Status, 'verdict' | 'findings'> {
  const found = new Set(standing.source === 'agent' ? ofAgent(standing) : ofDirectory(standing));
  const findings = statusFindings.filter((finding) => found.has(finding));
  return { verdict: verdictOf(findings), findings };
}

const unknowns: readonly StatusFinding[] = [
  'agent-not-answering',
  'state-not-readable',
  'target-not-seen',
];

function verdictOf(findings: readonly StatusFinding[]): StatusVerdict {
  if (findings.length === 0) return 'good';
  return findings.every((finding) => unknowns.includes(finding)) ? 'unknown' : 'troubled';
}

function ofAgent({ targets, receivers, state }: Standing): readonly StatusFinding[] {
  return [
    ...targets.flatMap(({ outcome }): readonly StatusFinding[] => {
      if (outcome === undefined) return ['target-not-seen'];
      return outcome === 'accepted' ? [] : ['target-not-accepted'];
    }),
    ...receivers.flatMap(({ trouble }) => (trouble ? (['receiver-troubled'] as const) : [])),
    ...(state.durable ? [] : (['state-not-kept'] as const)),
  ];
}

function ofDirectory({ agent }: Standing): readonly StatusFinding[] {
  if (agent.running === undefined) return ['state-not-readable'];
  return [agent.running ? 'agent-not-answering' : 'agent-not-running'];
}
