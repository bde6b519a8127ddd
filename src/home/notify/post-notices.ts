/** Takes notices to one receiver over HTTP, one at a time; the delivery loop decides when to try again. */
import { errorCode } from '../../base/cannot-run.ts';
import type { Clock } from '../../base/clock.ts';
import { readSmallFile } from '../../base/read-small-file.ts';
import type { NotifyConfig } from '../../config/load-notify.ts';
import type { NotifyReceiver } from '../../config/notify-receiver.ts';
import { isLoopbackHost } from '../../config/parse-url.ts';
import type { IncidentRecord } from '../../report/incident-record.ts';
import type { Carried, Carrier } from '../../sink/delivery/carrier.ts';
import { troubleOfStatus } from '../../sink/delivery/trouble.ts';
import { judgeStatus } from '../../sink/delivery/verdict.ts';
import { eventContentType } from '../../sink/home/cloud-event.ts';
import { type Answer, HomeConnection } from '../../sink/home/home-connection.ts';
import { CredentialUnreadable } from '../../sink/home/home-credential.ts';
import { alertsBody } from './bodies/alertmanager.ts';
import { slackBody, teamsBody } from './bodies/chat.ts';
import { cloudEventBody } from './bodies/cloud-event.ts';
import type { Notice } from './outbox.ts';
import { readSecrets, signatures } from './sign.ts';

export interface PostOptions extends Omit<NotifyConfig, 'receivers'> {
  readonly receiver: NotifyReceiver;
  readonly clock: Clock;
  /** For each notice that was taken, but for those that this format does not tell. */
  readonly onSent: () => void;
}

export interface NoticeCarrier extends Carrier {
  /** Tells Alertmanager what is open, as of the moment in which it is this one's turn. Rejects as `carry` does. */
  tellOpen(open: () => readonly IncidentRecord[], signal: AbortSignal): Promise<void>;
}

interface Letter {
  readonly id: string;
  readonly contentType: string;
  readonly body: string;
  readonly isSigned: boolean;
}

export function postNotices(options: PostOptions): NoticeCarrier {
  const { receiver, caPath, proxy, clock, onSent } = options;
  const isHere = isLoopbackHost(receiver.url.hostname);
  const home = { url: receiver.url, ...(proxy && !isHere && { proxy }) };
  const connection = new HomeConnection(home, clock);
  const post = (letter: Letter, signal: AbortSignal): Promise<Answer> => {
    const { id, contentType, body } = letter;
    const credential = { ...(caPath !== undefined && { ca: readCa(caPath) }) };
    const headers = letter.isSigned ? webhookHeaders(receiver, letter, clock.now()) : {};
    const idempotencyKey = `"${id}"`;
    return connection.post({ contentType, idempotencyKey, body, credential, headers }, signal);
  };
  // One after the other: what is open is not told behind the word that it is over.
  let turn: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const result = turn.then(work);
    turn = result.catch(() => undefined);
    return result;
  };
  return {
    carry: ([notice], signal) =>
      inTurn(async () => {
        if (!notice) return { verdict: 'delivered' };
        const { sequence, body } = notice;
        const letter = letterOf(receiver, { sequence, record: JSON.parse(body) }, clock.now());
        if (!letter) return { verdict: 'delivered' };
        const carried = carriedBy(await post(letter, signal));
        if (carried.verdict === 'delivered') onSent();
        return carried;
      }),
    tellOpen: (open, signal) =>
      inTurn(async () => {
        const body = alertsBody(open(), clock.now());
        if (body === undefined || signal.aborted) return;
        const contentType = 'application/json';
        await post({ id: 'open', contentType, body, isSigned: false }, signal);
      }),
    close: () => connection.close(),
  };
}

/** Undefined for what this format does not tell. */
function letterOf(
  { format }: NotifyReceiver,
  { record, sequence }: Notice,
  nowMs: number,
): Letter | undefined {
  const { id } = record;
  const json = (body: string | undefined): Letter | undefined =>
    body === undefined ? undefined : { id, contentType: 'application/json', body, isSigned: false };
  switch (format) {
    case 'cloudevents': {
      const body = cloudEventBody(record, sequence);
      return { id, contentType: eventContentType, body, isSigned: true };
    }
    case 'alertmanager':
      return json(alertsBody([record], nowMs));
    case 'slack':
      return json(slackBody(record));
    case 'teams':
      return json(teamsBody(record));
  }
}

/** Without a secret they still let a receiver tell repetitions. */
function webhookHeaders(
  { secretPath }: NotifyReceiver,
  { id, body }: Letter,
  nowMs: number,
): Readonly<Record<string, string>> {
  const timestamp = Math.floor(nowMs / 1_000);
  const headers = { 'webhook-id': id, 'webhook-timestamp': `${timestamp}` };
  if (secretPath === undefined) return headers;
  const signed = signatures(readSecrets(secretPath), { id, timestamp, body });
  return { ...headers, 'webhook-signature': signed };
}

function readCa(path: string): string {
  try {
    return readSmallFile(path).toString();
  } catch (error) {
    throw new CredentialUnreadable(errorCode(error), { cause: error });
  }
}

function carriedBy({ status, retryAfterMs }: Answer): Carried {
  const verdict = judgeStatus(status);
  if (verdict === 'delivered') return { verdict };
  const trouble = troubleOfStatus(status);
  if (verdict === 'retry' || verdict === 'pause') {
    return { verdict, trouble, ...(retryAfterMs !== undefined && { retryAfterMs }) };
  }
  return { verdict, trouble, reason: `http-${status}` };
}
