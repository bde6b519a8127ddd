/** What the gateway changed while it accepts us: each is an event of its own. */
import type { Evidence } from '../evidence/evidence.ts';
import type { Situation } from './cause.ts';
import { haveAuthoritiesChanged, momentOf } from './since-baseline.ts';
import type { Look, Warning } from './warning.ts';

export const changeWarnings: readonly Look[] = [
  serverCertificateChanged,
  authoritiesChanged,
  answerChanged,
];

function serverCertificateChanged({ evidence, baseline, outcome }: Situation): Warning | undefined {
  const [before, now] = [baseline?.evidence, evidence].map(leafSha256);
  if (outcome !== 'accepted' || !baseline || !before || !now || before === now) return undefined;
  return {
    code: 'server-certificate-changed',
    title: 'The gateway presents another certificate than before',
    evidence: `SHA-256 ${before} at ${momentOf(baseline, evidence)}, now ${now}.`,
  };
}

function leafSha256(evidence: Evidence | undefined): string | undefined {
  return evidence?.tls?.serverCertificates?.[0]?.sha256;
}

/** Whoever holds a certificate of a CA that is no longer named may be refused next. */
function authoritiesChanged({ evidence, baseline, outcome }: Situation): Warning | undefined {
  if (outcome !== 'accepted' || !baseline) return undefined;
  if (!haveAuthoritiesChanged(evidence, baseline)) return undefined;
  return {
    code: 'gateway-authorities-changed',
    title: 'The gateway names other client CAs than before',
    evidence: `It named ${named(baseline.evidence)} at ${momentOf(baseline, evidence)}, and names ${named(evidence)} now.`,
  };
}

function named({ tls }: Evidence): string {
  return tls?.certificateAuthorities?.join('; ') || 'none';
}

function answerChanged({ evidence, baseline, outcome }: Situation): Warning | undefined {
  const [before, now] = [baseline?.evidence.http?.status, evidence.http?.status];
  if (outcome !== 'accepted' || before === undefined || now === undefined || before === now) {
    return undefined;
  }
  const isLost = now === 404 && before < 400;
  return {
    code: isLost ? 'wrong-backend' : 'http-status-changed',
    title: isLost ? 'The gateway may lead to the wrong backend' : 'The HTTP answer changed',
    evidence: `It was ${before} at the last accepted look, and is ${now} now.`,
  };
}
