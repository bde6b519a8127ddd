/** The websocket step: an upgrade over a tapped connection (RFC 6455), and whether the gateway then closes at once. */
import type { TLSSocket } from 'node:tls';
import type { Clock } from '../base/clock.ts';
import { sanitise } from '../base/sanitise.ts';
import type { StepError, WebSocketSeen } from '../evidence/evidence.ts';
import type { Target } from '../target/target.ts';
import { requestHeaders } from './ask.ts';
import { boundHead } from './bound-head.ts';
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
      finishRequest: (request) => {
        boundHead(request);
        request.end();
      },
    });
    let seen: WebSocketSeen | undefined;
    let isRefused = false;
    let broken: StepError | undefined;
    let cancelHold = (): void => {};
    const finish = (result: StepResult<undefined>): void => {
      cancelHold();
      signal.removeEventListener('abort', giveUp);
      resolve({ result, ...(seen && { seen }) });
    };
    // Whoever has upgraded and not closed by then has consented.
    const held = (): void => {
      if (asking.readyState === WebSocket.OPEN) finish(passed(undefined));
      // It has closed, and only the connection lasts: to end that brings the `close` event, with the code that came.
      else asking.terminate();
    };
    const giveUp = (): void => {
      // The answer breaks off by itself, with what was read of it.
      if (isRefused) return;
      finish(seen ? passed(undefined) : failed(timedOut));
      asking.terminate();
    };
    signal.addEventListener('abort', giveUp, { once: true });
    asking.once('open', () => {
      seen = { status: 101 };
      cancelHold = clock.after(holdMs, held);
    });
    asking.once('close', (closeCode, reason) => {
      if (seen?.status !== 101) return;
      // What we could not read is no close of theirs, and 1006 no code that came.
      if (broken) return finish(failed(broken));
      const closeReason = sanitise(reason.toString('utf8'));
      seen = { status: 101, closeCode, ...(closeReason !== '' && { closeReason }) };
      finish(failed({ code: 'WEBSOCKET_CLOSED' }));
    });
    asking.once('unexpected-response', async (_request, answer) => {
      isRefused = true;
      const http = await readAnswer(answer, clock.now(), signal);
      seen = { ...(http.status !== undefined && { status: http.status }), http };
      finish(failed({ code: 'UPGRADE_REFUSED' }));
      asking.terminate();
    });
    asking.on('error', (error) => {
      if (seen === undefined && !isRefused) finish(failed(stepError(error)));
      else broken = stepError(error);
    });
  });
}
