/** The http step: one GET without a token over the tapped connection, whose answer is the gateway's consent or refusal. */
import { request } from 'node:http';
import type { TLSSocket } from 'node:tls';
import type { Clock } from '../base/clock.ts';
import { version } from '../base/version.ts';
import type { HttpSeen } from '../evidence/evidence.ts';
import type { Target } from '../target/target.ts';
import { boundHead } from './bound-head.ts';
import { readAnswer, seeHead } from './read-answer.ts';
import { failed, passed, type StepResult, stepError, timedOut } from './step-result.ts';

export interface Answer {
  readonly result: StepResult<undefined>;
  readonly seen?: HttpSeen;
}

const maxHeaderSize = 32 * 1024;

/** Loads what asks, which takes 1.5 ms: for while the gateway has the word. */
export function prepareToAsk(): unknown {
  return request;
}

/** The step passes when an answer came, whatever its status: what that means is for the diagnosis. */
export function ask(
  socket: TLSSocket,
  target: Target,
  path: string,
  clock: Clock,
  signal: AbortSignal,
): Promise<Answer> {
  return new Promise((resolve) => {
    const asking = request({
      createConnection: () => socket,
      path,
      headers: requestHeaders(target),
      maxHeaderSize,
      signal,
    });
    boundHead(asking);
    let isAnswered = false;
    asking.once('response', async (answer) => {
      isAnswered = true;
      const seen = await readAnswer(answer, clock.now(), signal);
      resolve({ result: passed(undefined), seen });
    });
    // Nobody asked for another protocol; that the gateway offers one to us is an answer, and the end of this connection.
    asking.once('upgrade', (answer, upgraded) => {
      isAnswered = true;
      upgraded.destroy();
      resolve({ result: passed(undefined), seen: seeHead(answer, clock.now()) });
    });
    asking.on('error', (error) => {
      // What breaks off the body takes nothing back of the answer.
      if (isAnswered) return;
      resolve({ result: failed(signal.aborted ? timedOut : stepError(error)) });
    });
    asking.end();
  });
}

export function requestHeaders({ host, port }: Target): Record<string, string> {
  const name = host.includes(':') ? `[${host}]` : host;
  return {
    host: port === 443 ? name : `${name}:${port}`,
    'user-agent': `sidelight/${version}`,
    accept: '*/*',
    connection: 'close',
  };
}
