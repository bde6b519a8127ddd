/** The handshake fell silent. */
import type { Evidence } from '../../evidence/evidence.ts';
import type { Cause } from '../cause.ts';
import { answeredWith, experimentsWith } from '../experiments.ts';
import {
  type BrokenHandshake,
  brokenHandshake,
  lastMessageInWords,
  octetsInWords,
} from '../handshake.ts';

export const handshakeTimeout: Cause = {
  code: 'handshake-timeout',
  title: 'The TLS handshake fell silent',
  side: 'network',
  documentation:
    'The connection stood and then nothing more came: after our ClientHello, or in the middle of the handshake; the evidence says where. A middlebox that drops large packets does this, and so does a gateway that hangs. When a smaller ClientHello is answered it is client-hello-too-large, and when only our certificate flight gets no answer path-mtu-black-hole. Look again, then with a smaller ClientHello (--groups X25519).',
  explain({ evidence }) {
    const broken = brokenHandshake(evidence);
    if (broken?.how !== 'timeout') return undefined;
    const { serverHelloReceived, finishedSent } = broken.tls.progress;
    const where = finishedSent
      ? 'our Finished'
      : serverHelloReceived
        ? 'the ServerHello'
        : 'our ClientHello';
    return {
      confidence: answeredWith(evidence, 'classic-groups-only') ? 'possible' : 'likely',
      evidence: [
        goesOnAfter(broken)
          ? `The handshake did not get beyond ${where} until the time was up, though octets kept coming.`
          : `Nothing more came after ${where} until the time was up.`,
        lastMessageInWords(broken),
        octetsInWords(broken.tls),
      ],
      remedy: remedyFor(evidence),
    };
  },
};

/** Whether octets came after the last message that was whole: a peer that trickles, or never ends, is not silent. */
function goesOnAfter({ tls, end }: BrokenHandshake): boolean {
  const lastMs = tls.progress.lastReceivedAtMs;
  return lastMs !== undefined && end?.after !== undefined && lastMs > end.after.atMs;
}

/** What an experiment has tried is not to be tried again by a person. */
function remedyFor(evidence: Evidence): string {
  const [smaller] = experimentsWith(evidence, 'classic-groups-only');
  return smaller === undefined || smaller.serverHelloReceived
    ? 'Look again with --groups X25519; if that works, a middlebox drops the larger ClientHello.'
    : 'Ask the operators of the gateway whether it hangs, then those of the network what drops its answer.';
}
