/** One attempt: all six steps in order against one target, and what was seen. */
import type { SecureContext } from 'node:tls';
import { type Clock, isoTime } from '../base/clock.ts';
import type { Credential } from '../credential/credential.ts';
import type { Evidence, HttpSeen, TargetSeen, WebSocketSeen } from '../evidence/evidence.ts';
import type { Target } from '../target/target.ts';
import { ask } from './ask.ts';
import { reach } from './reach.ts';
import { StepLog, type StepLogOptions } from './step-log.ts';
import { failed } from './step-result.ts';
import { TlsConnection } from './tls-connection.ts';

/** Looks once. `context` is made from the credential; without one (a local fault) nothing is dialled. */
export async function look(
  target: Target,
  credential: Credential,
  context: SecureContext | undefined,
  options: StepLogOptions,
): Promise<Evidence> {
  const startedAt = options.clock.now();
  const log = new StepLog(options);
  const seen = context ? await takeSteps(target, context, log, options) : {};
  log.skipRest(context ? 'earlier-step-failed' : 'local-fault');
  return {
    time: isoTime(startedAt),
    target: seeTarget(target),
    steps: log.steps(),
    alerts: [],
    ...seen,
    credential: credential.seen,
    ...(credential.clientCertificate && { clientCertificate: credential.clientCertificate }),
  };
}

type Seen = Partial<Pick<Evidence, 'tls' | 'alerts' | 'proxy' | 'http' | 'websocket'>>;

async function takeSteps(
  target: Target,
  context: SecureContext,
  log: StepLog,
  options: StepLogOptions,
): Promise<Seen> {
  const { socket, proxy } = await reach(target, log, options.clock);
  const reached = proxy && { proxy };
  if (!socket) return { ...reached };
  const connection = new TlsConnection(socket, context, target, log.elapsedMs);
  try {
    const secured = await log.take('tls', (signal) => connection.handshake(signal));
    const answers = secured ? await takeRequests(connection, target, context, log, options) : {};
    return { ...reached, ...connection.see(), ...answers };
  } finally {
    connection.close();
  }
}

interface Answers {
  readonly http?: HttpSeen;
  readonly websocket?: WebSocketSeen;
}

/** The http and websocket steps; where none may or need be taken, a wait for the gateway's verdict. */
async function takeRequests(
  connection: TlsConnection,
  target: Target,
  context: SecureContext,
  log: StepLog,
  options: StepLogOptions,
): Promise<Answers> {
  const { httpPath, websocketPath } = target;
  const hindrance = requestHindrance(connection);
  if (hindrance !== undefined || (httpPath ?? websocketPath) === undefined) {
    log.skip('http', httpPath === undefined ? 'not-wanted' : (hindrance ?? 'not-wanted'));
    log.skip('websocket', websocketPath === undefined ? 'not-wanted' : (hindrance ?? 'not-wanted'));
    await connection.settle(graceMs(connection), options.clock);
    if (connection.isRefused) log.blame('tls', connection.error, 'http');
    return {};
  }
  const http = await takeHttp(connection, target, log, options.clock);
  if (websocketPath === undefined) {
    log.skip('websocket', 'not-wanted');
    return { ...(http && { http }) };
  }
  if (httpPath !== undefined && !http) return {};
  const websocket = await takeWebSocket(connection, target, context, log, options);
  return { ...(http && { http }), ...(websocket && { websocket }) };
}

function requestHindrance(connection: TlsConnection) {
  if (!connection.isServerTrusted) return 'server-not-trusted';
  const chosen = connection.socket.alpnProtocol;
  return chosen && chosen !== 'http/1.1' ? 'protocol-not-spoken' : undefined;
}

async function takeHttp(
  connection: TlsConnection,
  target: Target,
  log: StepLog,
  clock: Clock,
): Promise<HttpSeen | undefined> {
  const { httpPath } = target;
  if (httpPath === undefined) {
    log.skip('http', 'not-wanted');
    return undefined;
  }
  let seen: HttpSeen | undefined;
  await log.take('http', async (signal) => {
    const answer = await ask(connection.socket, target, httpPath, clock, signal);
    seen = answer.seen;
    return answer.result;
  });
  if (!seen) noteFailure(connection, log, 'http');
  return seen;
}

/** The upgrade goes over the connection at hand, or over a new one where that has already carried a request. */
async function takeWebSocket(
  first: TlsConnection,
  target: Target,
  context: SecureContext,
  log: StepLog,
  options: StepLogOptions,
): Promise<WebSocketSeen | undefined> {
  const { upgrade } = await import('./upgrade.ts');
  let seen: WebSocketSeen | undefined;
  await log.take('websocket', async (signal) => {
    const connection =
      target.httpPath === undefined
        ? first
        : await connectAgain(target, context, { ...options, signal });
    if (!connection) return failed({ code: 'RECONNECT_FAILED' });
    try {
      const holdMs = graceMs(connection);
      const answer = await upgrade(connection.socket, target, holdMs, options.clock, signal);
      seen = answer.seen;
      return answer.result;
    } finally {
      if (connection !== first) connection.close();
    }
  });
  if (!seen && target.httpPath === undefined) noteFailure(first, log, 'websocket');
  return seen;
}

async function connectAgain(
  target: Target,
  context: SecureContext,
  options: StepLogOptions,
): Promise<TlsConnection | undefined> {
  const { onStep: _silent, ...quiet } = options;
  const log = new StepLog(quiet);
  const { socket } = await reach(target, log, options.clock);
  if (!socket) return undefined;
  const connection = new TlsConnection(socket, context, target, log.elapsedMs);
  const secured = await log.take('tls', (signal) => connection.handshake(signal));
  if (secured && connection.isServerTrusted) return connection;
  connection.close();
  return undefined;
}

/** No answer came: our patience ended, or the gateway had refused the handshake that looked done. */
function noteFailure(connection: TlsConnection, log: StepLog, step: 'http' | 'websocket'): void {
  if (log.hasTimedOut(step)) connection.giveUp();
  else if (connection.isRefused) log.blame('tls', connection.error, step);
}

/** How long a verdict may take that nothing asks for: some round trips, and never less than a busy server needs. */
function graceMs(connection: TlsConnection): number {
  return Math.min(Math.max(5 * connection.roundTripMs, 200), 2000);
}

function seeTarget({ url, host, port, serverName, address, proxy }: Target): TargetSeen {
  return {
    url,
    host,
    port,
    ...(serverName !== undefined && { serverName }),
    ...(address !== undefined && { address }),
    ...(proxy && { proxy: `${proxy.protocol}://${proxy.host}:${proxy.port}` }),
  };
}
