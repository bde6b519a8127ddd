/** What an HTTP answer tells: its status, a few headers, and what its body is known to mean; never the body. */
import type { IncomingMessage } from 'node:http';
import { isoTime, parseTime } from '../base/clock.ts';
import { sanitise } from '../base/sanitise.ts';
import type { HttpBody, HttpSeen } from '../evidence/evidence.ts';
import { parseRetryAfter } from '../retry/retry-after.ts';

/** As much of a body as is looked at: the texts that matter stand at its beginning. */
const maxBodyOctets = 16 * 1024;

/** Answers whose body may name the refusal; any other body is left unread. */
const tellingStatuses = new Set([400, 401, 403, 495, 496]);

/**
 * nginx's own texts for a client certificate that is missing or does not verify, the manager's code, and what nginx,
 * Apache and Go say to a request in clear on their TLS port.
 */
const knownBodies: readonly (readonly [string, HttpBody])[] = [
  ['No required SSL certificate was sent', 'nginx-no-required-certificate'],
  ['The SSL certificate error', 'nginx-certificate-error'],
  ['INVALID_AGENT_MTLS_AUTHORITY', 'invalid-agent-mtls-authority'],
  ['The plain HTTP request was sent to HTTPS port', 'plain-http-to-https-port'],
  ['speaking plain HTTP to an SSL-enabled server port', 'plain-http-to-https-port'],
  ['Client sent an HTTP request to an HTTPS server', 'plain-http-to-https-port'],
];

/**
 * Resolves when the body is read as far as it matters, when the connection ends, or when `signal` is aborted: an answer
 * whose body never ends is one all the same. `nowMs` is for Retry-After as a date.
 */
export async function readAnswer(
  answer: IncomingMessage,
  nowMs: number,
  signal: AbortSignal,
): Promise<HttpSeen> {
  const breakOff = (): void => void answer.destroy();
  signal.addEventListener('abort', breakOff, { once: true });
  if (signal.aborted) breakOff();
  const body = await classifyBody(answer);
  signal.removeEventListener('abort', breakOff);
  return { ...seeHead(answer, nowMs), ...(body && { body }) };
}

/** The status line and the headers that tell something. */
export function seeHead({ statusCode, headers }: IncomingMessage, nowMs: number): HttpSeen {
  const header = (name: string): string | undefined => headers[name]?.toString();
  const date = parseTime(header('date') ?? '');
  const retryAfterMs = parseRetryAfter(header('retry-after') ?? '', nowMs);
  const locationOrigin = readOrigin(header('location'));
  const server = header('server');
  const contentType = header('content-type');
  return {
    ...(statusCode !== undefined && { status: statusCode }),
    ...(server !== undefined && { server: sanitise(server) }),
    ...(date !== undefined && { date: isoTime(date) }),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
    ...(locationOrigin !== undefined && { locationOrigin }),
    ...(contentType !== undefined && { contentType: sanitise(contentType) }),
  };
}

async function classifyBody(answer: IncomingMessage): Promise<HttpBody | undefined> {
  if (!tellingStatuses.has(answer.statusCode ?? 0)) return undefined;
  const octets: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of answer) {
      octets.push(chunk);
      size += chunk.length;
      if (size >= maxBodyOctets) break;
    }
  } catch {
    // A body that breaks off: what came of it still counts.
  }
  const text = Buffer.concat(octets).subarray(0, maxBodyOctets).toString('latin1');
  return knownBodies.find(([known]) => text.includes(known))?.[1];
}

/** A relative Location stays with the host that sent it and tells nothing; so does one that is no URL. */
function readOrigin(location: string | undefined): string | undefined {
  if (location === undefined || !URL.canParse(location)) return undefined;
  const { protocol, host } = new URL(location);
  return sanitise(`${protocol}//${host}`);
}
