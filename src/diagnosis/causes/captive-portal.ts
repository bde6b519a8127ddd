/** A login page answers in place of the gateway. */
import type { Evidence } from '../../evidence/evidence.ts';
import { decisiveAnswer, originOf } from '../answer.ts';
import type { Cause, Finding, Situation } from '../cause.ts';
import { firstOctetsInWords } from '../handshake.ts';
import { answerInWords } from '../refusal.ts';

const networkAuthenticationRequired = 511;
const portalStatuses: readonly number[] = [200, 302, 303, 307];

export const captivePortal: Cause = {
  code: 'captive-portal',
  title: 'A login page of the network answers in place of the gateway',
  side: 'network',
  documentation:
    'Networks that want a login first answer every connection themselves: with HTTP 511, which is certain, with a page in clear or a redirect where the gateway spoke TLS before, or with a redirect to another host that leads out of TLS, or that comes from a server with another certificate than before. Any other redirect is unexpected-redirect, and a page in clear from a port that never spoke TLS is plaintext-service; a proxy that answers so is proxy-answered-in-clear. Log in to the network, or have this machine exempted.',
  outranks: ['plaintext-service', 'unexpected-redirect', 'gateway-upstream-failed'],
  explain(situation) {
    const how = inClear(situation) ?? overTls(situation);
    return (
      how && {
        ...how,
        remedy: 'Log in to the network from this machine, or have it exempted from the login.',
      }
    );
  },
};

type How = Omit<Finding, 'remedy'> | undefined;

function inClear({ evidence, baseline }: Situation): How {
  const notTls = evidence.tls?.notTls;
  const status = notTls?.httpStatus ?? 0;
  if (!notTls || evidence.target.proxy !== undefined) return undefined;
  if (status === networkAuthenticationRequired) {
    return { confidence: 'certain', evidence: [firstOctetsInWords(notTls)] };
  }
  if (!portalStatuses.includes(status)) return undefined;
  const spokeTls = baseline?.evidence.tls?.progress.serverHelloReceived === true;
  return {
    confidence: spokeTls ? 'likely' : 'possible',
    evidence: [
      firstOctetsInWords(notTls),
      ...(spokeTls ? ['The same port spoke TLS at the last accepted look.'] : []),
    ],
  };
}

function overTls({ evidence, baseline }: Situation): How {
  const answer = decisiveAnswer(evidence);
  if (!answer) return undefined;
  if (answer.status === networkAuthenticationRequired) {
    return { confidence: 'certain', evidence: [answerInWords(answer)] };
  }
  const leadsAway = answer.verdict === 'failed' && answer.status >= 300 && answer.status < 400;
  if (!leadsAway) return undefined;
  const to = originOf(answer.http.locationOrigin);
  const isOther = baseline !== undefined && presentsAnother(evidence, baseline.evidence);
  if (!isOther && !to.startsWith('http:')) return undefined;
  return {
    confidence: 'likely',
    evidence: [
      answerInWords(answer),
      `It leads to ${to}.`,
      ...(isOther ? ['The certificate presented is another than at the last accepted look.'] : []),
    ],
  };
}

function presentsAnother(now: Evidence, before: Evidence): boolean {
  const [leaf, known] = [now, before].map(({ tls }) => tls?.serverCertificates?.[0]?.sha256);
  return leaf !== undefined && known !== undefined && leaf !== known;
}
