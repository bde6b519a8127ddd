/** The same question gets different answers from the same gateway. */
import type { Evidence, ExperimentSeen } from '../../evidence/evidence.ts';
import { decisiveAnswer } from '../answer.ts';
import type { Cause, Confidence } from '../cause.ts';
import { acceptedWith, endedAlike, experimentsInWords, experimentsWith } from '../experiments.ts';
import { failedStep, isServerUntrusted, receivedAlert } from '../reading.ts';
import { refusalOf } from '../refusal.ts';

export const gatewayReplicasDisagree: Cause = {
  code: 'gateway-replicas-disagree',
  title: 'Parts of the gateway answer differently',
  side: 'gateway',
  documentation:
    'This look was refused or failed, and an extra attempt with nothing changed, or to another address of the same name, was accepted: one of the machines behind the gateway is set up otherwise than the others, as when a rotation reached only some of them. It is certain when an address accepts and this one refuses again, or when several attempts at one address give both answers. When every extra attempt was accepted, the gateway may just have recovered, so it is likely. A connection that broke off proves less than a refusal. Drain the replica that differs.',
  outranks: [
    'client-certificate-expired',
    'client-certificate-not-yet-valid',
    'client-intermediate-expired',
    'client-certificate-purpose',
    'client-certificate-key-usage',
    'client-certificate-is-ca',
    'client-certificate-self-signed',
    'client-certificate-revoked',
    'client-certificate-chain-order',
    'client-certificate-intermediate-missing',
    'client-certificate-not-sent',
    'client-issuer-not-accepted',
    'client-certificate-not-requested',
    'client-certificate-refused-by-http',
    'gateway-client-ca-changed',
    'gateway-crl-outdated',
    'gateway-refused-our-certificate',
    'gateway-stopped-requesting-client-certificate',
    'gateway-refuses-every-client',
    'gateway-handshake-refused',
    'gateway-internal-error',
    'gateway-closed-mid-handshake',
    'gateway-default-certificate',
    'gateway-forbids',
    'gateway-upstream-failed',
    'account-or-token-refused',
    'misdirected-request',
    'unexpected-redirect',
    'http-no-answer',
    'handshake-reset',
    'handshake-closed',
    'handshake-timeout',
    'no-shared-cipher-suite',
    'no-shared-group',
    'protocol-version-unsupported',
    'server-certificate-expired',
    'server-certificate-name-mismatch',
    'server-certificate-self-signed',
    'server-chain-incomplete',
    'server-intermediate-expired',
    'server-issuer-untrusted',
    'server-name-unrecognized',
  ],
  explain({ evidence }) {
    if (!stoppedAtGateway(evidence)) return undefined;
    const other = acceptedWith(evidence, 'other-address', 'again');
    if (!other) return undefined;
    const again = experimentsWith(evidence, 'again');
    return {
      confidence: confidenceOf(evidence, other, again),
      evidence: [
        `This look${atAddress(evidence)} was not accepted.`,
        ...experimentsInWords(...experimentsWith(evidence, 'other-address', 'again')),
      ],
      remedy: 'Have the replica of the gateway that differs from the others drained and repaired.',
    };
  },
};

function stoppedAtGateway(evidence: Evidence): boolean {
  const isOnTheWay = ['dns', 'tcp', 'proxy'] as const;
  return evidence.tls !== undefined && !isOnTheWay.some((name) => failedStep(evidence, name));
}

/** Something said by the gateway itself, as opposed to a connection that broke off. */
function isAnswer(evidence: Evidence): boolean {
  const spoken = receivedAlert(evidence) !== undefined || decisiveAnswer(evidence) !== undefined;
  return spoken || isServerUntrusted(evidence);
}

function confidenceOf(
  evidence: Evidence,
  other: ExperimentSeen,
  again: readonly ExperimentSeen[],
): Confidence {
  const refusedAgain = again.some((each) => endedAlike(each, evidence));
  if (refusedAgain && isAnswer(evidence)) return 'certain';
  const isProof = isAnswer(evidence) || refusalOf(evidence) !== undefined;
  return isProof || other.changed === 'other-address' ? 'likely' : 'possible';
}

function atAddress({ steps, target }: Evidence): string {
  const address = steps.find(({ name }) => name === 'tcp')?.address;
  return address === undefined || target.proxy !== undefined ? '' : ` at the address ${address}`;
}
