/** This process did not run while it looked, and the connection ended for want of us, or seemed to be silent. */
import type { Evidence, Step } from '../../evidence/evidence.ts';
import { decisiveAnswer } from '../answer.ts';
import type { Cause } from '../cause.ts';
import { decisiveAlert, isServerUntrusted, stallOf } from '../reading.ts';

/** How it looks when somebody's patience ended. */
const endings: readonly string[] = [
  'TIMEOUT',
  'ETIMEDOUT',
  'ECONNRESET',
  'EPIPE',
  'CLOSED',
  'EAI_AGAIN',
];

export const processStalled: Cause = {
  code: 'process-stalled',
  title: 'This process did not run while it looked',
  side: 'delegate',
  documentation:
    'The machine was suspended, the container paused, or the CPU was so scarce that this process stood still for a second or longer in the middle of a look, which then ended with silence, a close or a reset. Whoever waits for us in vain gives up, so such a look says nothing about the network or the gateway. The next look tells; when it lasts, find out what holds this process up: limits of CPU (throttling), a paused container, a machine that is out of memory.',
  outranks: [
    'dns-temporary-failure',
    'tcp-timeout',
    'tcp-reset-on-accept',
    'ipv6-broken',
    'proxy-timeout',
    'proxy-closed-tunnel',
    'proxy-not-http',
    'client-hello-too-large',
    'handshake-reset',
    'handshake-closed',
    'handshake-timeout',
    'gateway-closed-mid-handshake',
    'gateway-handshake-refused',
    'path-mtu-black-hole',
    'http-no-answer',
    'websocket-closed',
  ],
  explain({ evidence }) {
    const stalledMs = stallOf(evidence);
    const step = brokenOff(evidence);
    if (stalledMs === undefined || !step) return undefined;
    return {
      confidence: 'likely',
      evidence: [
        `This process did not run for ${(stalledMs / 1000).toFixed(1)} s of this look.`,
        `The ${step.name} step ended with ${step.error?.code} and without a word of the gateway.`,
      ],
      remedy:
        'Wait for the next look. If this comes again, find out what holds this process up: a limit of CPU, a pause of the container or the machine, memory.',
    };
  },
};

/** The step that ended without an alert or an answer. */
function brokenOff(evidence: Evidence): Step | undefined {
  if (decisiveAlert(evidence) ?? decisiveAnswer(evidence)) return undefined;
  if (isServerUntrusted(evidence)) return undefined;
  return evidence.steps.find(
    ({ outcome, error }) => outcome === 'failed' && endings.includes(error?.code ?? ''),
  );
}
