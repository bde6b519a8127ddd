/** The gateway takes none of the groups that we offer for the key exchange. */
import type { Evidence } from '../../evidence/evidence.ts';
import type { Cause, Confidence, Situation } from '../cause.ts';
import { answeredWith, experimentsInWords, experimentsWith } from '../experiments.ts';
import { alertInWords, receivedAlert } from '../reading.ts';

const handshakeFailure = 40;
const illegalParameter = 47;
/** One of these is known to every server that has been updated within ten years. */
const common: readonly string[] = ['x25519', 'secp256r1'];

export const noSharedGroup: Cause = {
  code: 'no-shared-group',
  title: 'The gateway and this side share no group for the key exchange',
  side: 'gateway',
  documentation:
    'The gateway answered our ClientHello with handshake_failure or illegal_parameter before anything else. Servers say so when no group suits them, and say the same about cipher suites. It is certain when our list held no common group and an attempt with X25519 and P-256 was answered, likely by one of the two or when we offered a single group, and possible otherwise. When it accepted the same offer before, the gateway itself has changed: gateway-handshake-refused. Align the groups of both sides; --groups sets ours.',
  outranks: ['no-shared-cipher-suite', 'gateway-handshake-refused'],
  explain(situation) {
    const { evidence } = situation;
    const alert = receivedAlert(evidence, handshakeFailure, illegalParameter);
    if (!alert || evidence.tls?.progress.serverHelloReceived !== false) return undefined;
    const confidence = confidenceOf(situation);
    if (!confidence) return undefined;
    return {
      confidence,
      evidence: [
        alertInWords(alert),
        `We offered the groups ${groupsOf(evidence).join(', ') || 'that are not known'}.`,
        ...experimentsInWords(answeredWith(evidence, 'classic-groups-only')),
      ],
      remedy: 'Align the groups of the gateway with ours (--groups); X25519 and P-256 are common.',
    };
  },
};

function groupsOf({ tls }: Evidence): readonly string[] {
  return tls?.clientHello?.groups ?? [];
}

function confidenceOf({ evidence, baseline }: Situation): Confidence | undefined {
  const groups = groupsOf(evidence);
  const isUncommon = groups.length > 0 && !groups.some((group) => common.includes(group));
  // One alone was set by hand.
  const isNarrow = isUncommon || groups.length === 1;
  const before = baseline?.evidence.tls?.clientHello?.groups;
  if (before && before.join() === groups.join()) return undefined;
  if (answeredWith(evidence, 'classic-groups-only')) return isUncommon ? 'certain' : 'likely';
  if (experimentsWith(evidence, 'classic-groups-only').length > 0) return undefined;
  if (isNarrow) return 'likely';
  return baseline ? undefined : 'possible';
}
