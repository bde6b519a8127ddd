/** The gateway knows no server of the name we asked for. */
import type { Cause } from '../cause.ts';
import { alertInWords, receivedAlert } from '../reading.ts';

const unrecognizedName = 112;

export const serverNameUnrecognized: Cause = {
  code: 'server-name-unrecognized',
  title: 'The gateway does not know the server name we ask for',
  side: 'gateway',
  documentation:
    'The gateway answered with the alert unrecognized_name: it has no configuration for the name in our ClientHello. Either the name is wrong, or the gateway lost the configuration for it. Check the name first, then the routing of the gateway.',
  explain({ evidence }) {
    const alert = receivedAlert(evidence, unrecognizedName);
    if (!alert) return undefined;
    const name = evidence.tls?.clientHello?.serverName ?? evidence.target.serverName;
    return {
      confidence: alert.level === 'warning' ? 'likely' : 'certain',
      evidence: [
        alertInWords(alert),
        name === undefined ? 'We sent no server name.' : `We asked for ${name}.`,
      ],
      remedy:
        'Check the server name (--server-name); if it is right, have the gateway configured for it.',
    };
  },
};
