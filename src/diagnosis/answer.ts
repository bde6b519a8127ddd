/** The answers that HTTP and WebSocket gave, and what each of them says about our acceptance. */
import type { Evidence, HttpSeen, WebSocketSeen } from '../evidence/evidence.ts';

type Verdict = 'accepted' | 'rejected' | 'failed';

export interface Answer {
  readonly step: 'http' | 'websocket';
  readonly status: number;
  readonly verdict: Verdict;
  /** Headers and the meaning of the body, whichever step they came with. */
  readonly http: HttpSeen;
}

/** The answer that decides: the first that is no acceptance, else the last. Undefined when none came. */
export function decisiveAnswer(evidence: Evidence): Answer | undefined {
  const answers = [httpAnswer(evidence), webSocketAnswer(evidence)].filter(
    (answer) => answer !== undefined,
  );
  return answers.find(({ verdict }) => verdict !== 'accepted') ?? answers.at(-1);
}

function httpAnswer({ http, target }: Evidence): Answer | undefined {
  if (http?.status === undefined) return undefined;
  return {
    step: 'http',
    status: http.status,
    verdict: judgeStatus(http.status, http, target.host),
    http,
  };
}

function webSocketAnswer(evidence: Evidence): Answer | undefined {
  const { websocket, target } = evidence;
  if (websocket?.status === undefined) return undefined;
  const { status } = websocket;
  const http = { ...websocket.http, status };
  if (status === 101) {
    const verdict = closedAbnormally(evidence) ? 'failed' : 'accepted';
    return { step: 'websocket', status, verdict, http };
  }
  const judged = judgeStatus(status, http, target.host);
  // An upgrade was asked for: an answer that upgrades nothing is a failure even where HTTP would be content.
  return { step: 'websocket', status, verdict: judged === 'accepted' ? 'failed' : judged, http };
}

/** Close codes of an orderly end (RFC 6455 section 7.4.1): normal closure, going away, no code given. */
const orderlyCloseCodes: readonly number[] = [1000, 1001, 1005];

/** Whether the upgrade succeeded and the peer then ended the WebSocket with a complaint or without a close. */
export function closedAbnormally({ websocket, steps }: Evidence): boolean {
  if (websocket?.status !== 101) return false;
  const stepFailed = steps.some(
    ({ name, outcome }) => name === 'websocket' && outcome === 'failed',
  );
  return stepFailed || complains(websocket);
}

function complains({ closeCode }: WebSocketSeen): boolean {
  return closeCode !== undefined && !orderlyCloseCodes.includes(closeCode);
}

const refusing: readonly number[] = [401, 403, 495, 496];
const failing: readonly number[] = [421, 429];

/** What an HTTP status says about our acceptance; `host` is the one we asked. */
function judgeStatus(status: number, { body, locationOrigin }: HttpSeen, host: string): Verdict {
  if (body === 'plain-http-to-https-port') return 'failed';
  if (refusing.includes(status) || body !== undefined) return 'rejected';
  if (failing.includes(status) || status >= 500 || status < 100) return 'failed';
  return isRedirect(status) && leadsElsewhere(locationOrigin, host) ? 'failed' : 'accepted';
}

function isRedirect(status: number): boolean {
  return status >= 300 && status < 400;
}

function leadsElsewhere(origin: string | undefined, host: string): boolean {
  if (origin === undefined) return false;
  const there = URL.canParse(origin)
    ? new URL(origin).hostname.replace(/^\[(.*)\]$/, '$1')
    : origin;
  return there.toLowerCase() !== host.toLowerCase();
}

/** Scheme, host and port of where a redirect leads, and never more of it. */
export function originOf(location: string | undefined): string {
  return location !== undefined && URL.canParse(location) ? new URL(location).origin : 'elsewhere';
}
