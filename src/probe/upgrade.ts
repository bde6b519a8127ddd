/** The websocket step: an upgrade over a tapped connection (RFC 6455), and whether the gateway then closes at once. */
import type { TLSSocket } from 'node:tls';
import type { Clock } from '../base/clock.ts';
import { sanitise } from '../base/sanitise.ts';
import type { WebSocketSeen } from '../evidence/evidence.ts';
import type { Target } from '../target/target.ts';
import { requestHeaders } from './ask.ts';
import { readAnswer } from './read-answer.ts';
import { failed, passed, type StepResult, stepError, timedOut } from './step-result.ts';

export interface Upgrade {
  readonly result: StepResult<undefined>;
  readonly seen?: WebSocketSeen;
}

const maxPayload = 64 * 1024;

/** `holdMs`: how long an accepted upgrade is watched for a close frame. */
export async function upgrade(
  socket: TLSSocket,
  target: Target,
  holdMs: number,
  clock: Clock,
  signal: AbortSignal,
): Promise<Upgrade> {
  const { WebSocket } = await import('ws');
  const { host, 'user-agent': userAgent } = requestHeaders(target);
  return new Promise((resolve) => {
    const asking = new WebSocket(`wss://${host}${target.websocketPath}`, {
      createConnection: () => socket,
      headers: { host, 'user-agent': userAgent },
      followRedirects: false,
      perMessageDeflate: false,
      maxPayload,
    });
    let seen: WebSocketSeen | undefined;
    const finish = (result: StepResult<undefined>): void => {
      signal.removeEventListener('abort', giveUp);
      resolve({ result, ...(seen && { seen }) });
    };
    // Whoever has upgraded and not closed by then has consented.
    const giveUp = (): void => {
      finish(seen ? passed(undefined) : failed(timedOut));
      asking.terminate();
    };
    signal.addEventListener('abort', giveUp, { once: true });
    asking.once('open', () => {
      seen = { status: 101 };
      clock.after(holdMs, () => finish(passed(undefined)));
    });
    asking.once('close', (closeCode, reason) => {
      if (seen?.status !== 101) return;
      const closeReason = sanitise(reason.toString('utf8'));
      seen = { status: 101, closeCode, ...(closeReason !== '' && { closeReason }) };
      finish(failed({ code: 'WEBSOCKET_CLOSED' }));
    });
    asking.once('unexpected-response', async (_request, answer) => {
      const http = await readAnswer(answer, clock.now());
      seen = { ...(http.status !== undefined && { status: http.status }), http };
      finish(failed({ code: 'UPGRADE_REFUSED' }));
      asking.terminate();
    });
    asking.on('error', (error) => {
      if (seen === undefined) finish(failed(stepError(error)));
    });
  });
}
