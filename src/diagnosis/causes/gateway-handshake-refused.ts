/** The gateway refuses the handshake before anyone's identity is known. */
import type { AlertSeen, Evidence } from '../../evidence/evidence.ts';
import type { Cause, Confidence, Finding, Situation } from '../cause.ts';
import {
  allEndedAlike,
  answeredWith,
  changedHellos,
  experimentsInWords,
  experimentsWith,
} from '../experiments.ts';
import { brokenHandshake, octetsInWords } from '../handshake.ts';
import { alertInWords, proxyInUse, receivedAlert } from '../reading.ts';
import { refusalOf } from '../refusal.ts';
import { momentOf } from '../since-baseline.ts';

/** These name a reason that has a cause of its own. */
const othersSpeakOf: readonly number[] = [20, 21, 70, 80, 112, 120];
const enoughControls = 2;

export const gatewayHandshakeRefused: Cause = {
  code: 'gateway-handshake-refused',
  title: 'The gateway refuses the handshake',
  side: 'gateway',
  documentation:
    'The gateway answered our ClientHello with a fatal alert that names no reason, or, where it completed the handshake with us before, with a close or a reset. When attempts with another version, other groups and another name all end alike, it refuses everyone: its configuration is broken, for example without a certificate to present. When one of them is answered, what was changed is the reason: no-shared-group, client-hello-too-large, server-name-unrecognized, alpn-mismatch, protocol-version-unsupported. It is never more than likely, because a filter on the way can look the same. Ask its operators for the log of that moment.',
  outranks: ['handshake-reset', 'handshake-closed'],
  explain(situation) {
    const { evidence } = situation;
    if (refusalOf(evidence)) return undefined;
    const alert = receivedAlert(evidence);
    const how = alert ? byAlert(alert, situation) : withoutAlert(situation);
    if (!how) return undefined;
    return { ...how, evidence: [...how.evidence, ...circumstances(situation)], remedy };
  },
};

const remedy =
  'Ask the operators of the gateway for its log of this moment; it refuses the handshake itself.';

type How = Omit<Finding, 'remedy'> | undefined;

function byAlert(alert: AlertSeen, { evidence, baseline }: Situation): How {
  if (othersSpeakOf.includes(alert.code)) return undefined;
  const isAnswered = answeredWith(evidence, ...changedHellos) !== undefined;
  const speaks =
    baseline !== undefined || allEndedAlike(evidence, enoughControls, ...changedHellos);
  const confidence: Confidence = speaks && !isAnswered ? 'likely' : 'possible';
  return { confidence, evidence: [alertInWords(alert)] };
}

/** Only where the gateway took our ClientHello before, on the same way; a proxy may have cut it otherwise. */
function withoutAlert({ evidence, baseline }: Situation): How {
  const broken = brokenHandshake(evidence);
  if (!baseline || !broken?.tls.progress.clientHelloSent) return undefined;
  if (broken.tls.progress.serverHelloReceived || answeredWith(evidence, ...changedHellos))
    return undefined;
  if (broken.how !== 'close' && broken.how !== 'reset') return undefined;
  if (!isSameWay(evidence, baseline.evidence)) return undefined;
  return {
    confidence: 'likely',
    evidence: [
      `The connection ended by a ${broken.how} in answer to our ClientHello, without an alert.`,
      octetsInWords(broken.tls),
    ],
  };
}

function isSameWay(evidence: Evidence, before: Evidence): boolean {
  if (proxyInUse(evidence) !== proxyInUse(before)) return false;
  return proxyInUse(evidence) === undefined || allEndedAlike(evidence, 1, 'without-proxy');
}

function circumstances({ evidence, baseline }: Situation): readonly string[] {
  return [
    ...experimentsInWords(...experimentsWith(evidence, ...changedHellos)),
    ...(baseline
      ? [`The gateway completed the handshake with us at ${momentOf(baseline, evidence)}.`]
      : []),
  ];
}
