/** Our ClientHello does not get through as a whole. */
import type { Evidence } from '../../evidence/evidence.ts';
import type { Cause, Confidence, Situation } from '../cause.ts';
import { answeredWith, endedAlike, experimentsInWords, experimentsWith } from '../experiments.ts';
import { brokenHandshake, octetsInWords } from '../handshake.ts';

/** With the headers, more than this does not fit into one segment on an ordinary path. */
const segmentBytes = 1400;

export const clientHelloTooLarge: Cause = {
  code: 'client-hello-too-large',
  title: 'A ClientHello of more than one segment does not get through',
  side: 'network',
  documentation:
    'With post-quantum key shares a ClientHello has some 1,600 octets and takes two segments. Some middleboxes, and some old servers, expect it in one: they drop, reset or close. It is certain when an attempt with classic groups only got a ServerHello while others with the large ClientHello ended like the first, likely when none of those was made, and possible when nothing else was tried. When the smaller one fares no better, it is handshake-reset, handshake-closed or handshake-timeout. Have the middlebox updated; until then --groups X25519:P-256 avoids it.',
  outranks: [
    'handshake-reset',
    'handshake-closed',
    'handshake-timeout',
    'gateway-handshake-refused',
    'proxy-closed-tunnel',
  ],
  explain(situation) {
    const { evidence } = situation;
    const broken = brokenHandshake(evidence);
    const sizeBytes = evidence.tls?.clientHello?.sizeBytes ?? 0;
    if (!broken || broken.tls.progress.serverHelloReceived || sizeBytes < segmentBytes) {
      return undefined;
    }
    const confidence = confidenceOf(situation);
    if (!confidence) return undefined;
    return {
      confidence,
      evidence: [
        `Our ClientHello had ${sizeBytes} octets and got no answer.`,
        ...experimentsInWords(answeredWith(evidence, 'classic-groups-only')),
        octetsInWords(broken.tls),
      ],
      remedy:
        'Have the middlebox or gateway take a ClientHello in two segments; until then use --groups X25519:P-256.',
    };
  },
};

function confidenceOf({ evidence, baseline }: Situation): Confidence | undefined {
  const smaller = experimentsWith(evidence, 'classic-groups-only');
  // The same ClientHello got through before.
  if (smaller.length === 0) return baseline ? undefined : 'possible';
  if (!answeredWith(evidence, 'classic-groups-only')) return undefined;
  return largeOnesFail(evidence) ? 'certain' : 'likely';
}

function largeOnesFail(evidence: Evidence): boolean {
  const large = experimentsWith(
    evidence,
    'again',
    'no-server-name',
    'other-server-name',
    'no-alpn',
  );
  return large.length > 0 && large.every((each) => endedAlike(each, evidence));
}
