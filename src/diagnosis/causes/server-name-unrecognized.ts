/** The gateway knows no server of the name we asked for. */
import type { Evidence } from '../../evidence/evidence.ts';
import type { Cause, Finding } from '../cause.ts';
import { answeredWith, experimentInWords } from '../experiments.ts';
import { brokenHandshake } from '../handshake.ts';
import { alertInWords, receivedAlert } from '../reading.ts';

const unrecognizedName = 112;
/** What servers send besides. */
const answersToUnknown: readonly number[] = [40, 80];

export const serverNameUnrecognized: Cause = {
  code: 'server-name-unrecognized',
  title: 'The gateway does not know the server name we ask for',
  side: 'gateway',
  documentation:
    'The gateway answered with the alert unrecognized_name: it has no configuration for the name in our ClientHello. Others answer an unknown name with handshake_failure, internal_error or a close; then it takes an attempt with another server name, or none, that is answered, and is likely. A reset in place of that is rather a filter on the way (handshake-reset). Either the name is wrong, or the gateway lost the configuration for it. Check the name first, then the routing of the gateway.',
  outranks: ['no-shared-cipher-suite', 'gateway-internal-error', 'gateway-handshake-refused'],
  explain({ evidence }) {
    const alert = receivedAlert(evidence, unrecognizedName);
    if (!alert) return byOtherName(evidence);
    const name = evidence.tls?.clientHello?.serverName ?? evidence.target.serverName;
    return {
      confidence: alert.level === 'warning' ? 'likely' : 'certain',
      evidence: [
        alertInWords(alert),
        name === undefined ? 'We sent no server name.' : `We asked for ${name}.`,
      ],
      remedy,
    };
  },
};

const remedy =
  'Check the server name (--server-name); if it is right, have the gateway configured for it.';

/** Our ClientHello was turned away without that alert, and one with another name was answered. */
function byOtherName(evidence: Evidence): Finding | undefined {
  const other = answeredWith(evidence, 'other-server-name', 'no-server-name');
  if (!other) return undefined;
  const how = brokenHandshake(evidence)?.how;
  const alert = receivedAlert(evidence, ...answersToUnknown);
  if (!alert && how !== 'close' && how !== 'reset') return undefined;
  return {
    confidence: how === 'reset' ? 'possible' : 'likely',
    evidence: [
      alert
        ? alertInWords(alert)
        : `The connection ended by a ${how} in answer to our ClientHello.`,
      experimentInWords(other),
    ],
    remedy,
  };
}
