/** The peer broke the rules of TLS, or speaks nothing that is known. */
import type { Cause } from '../cause.ts';
import { brokenHandshake, firstOctetsInWords, octetsInWords } from '../handshake.ts';
import { alertInWords, failedStep, sentAlert } from '../reading.ts';

const unexpectedMessage = 10;
const recordOverflow = 22;
/** For a certificate that cannot be parsed: whether one is trusted we say in no alert. */
const badCertificate = 42;
const illegalParameter = 47;
const decodeError = 50;

export const malformedTls: Cause = {
  code: 'malformed-tls',
  title: 'What came back is not well-formed TLS',
  side: 'network',
  documentation:
    'The octets that came back follow no protocol that is known here, or begin as TLS and then break its rules, or do not end. Something other than the gateway may have answered, or changed the stream on the way. Compare with a connection from another network.',
  explain({ evidence }) {
    const { tls } = evidence;
    const remedy =
      'Find out what answers at this address; compare with a connection from another network.';
    if (!tls || !failedStep(evidence, 'tls')) return undefined;
    if (tls.notTls?.protocol === 'unknown') {
      return { confidence: 'certain', evidence: [firstOctetsInWords(tls.notTls)], remedy };
    }
    const alert = sentAlert(
      evidence,
      unexpectedMessage,
      recordOverflow,
      badCertificate,
      illegalParameter,
      decodeError,
    );
    if (alert) return { confidence: 'likely', evidence: [alertInWords(alert)], remedy };
    const endless = brokenHandshake(evidence)?.how === 'limit';
    if (!tls.progress.malformed && !endless) return undefined;
    return {
      confidence: 'likely',
      evidence: [
        endless
          ? 'The peer sent more than any handshake needs, and we stopped reading.'
          : 'A record broke the framing of TLS or did not decrypt.',
        octetsInWords(tls),
      ],
      remedy,
    };
  },
};
