/** One attempt: all six steps in order against one target, and what was seen. */
import type { SecureContext } from 'node:tls';
import { isoTime } from '../base/clock.ts';
import type { Credential } from '../credential/credential.ts';
import type { DelegateSide } from '../evidence/delegate-side.ts';
import type { Evidence, SkipReason, TargetSeen } from '../evidence/evidence.ts';
import type { Target } from '../target/target.ts';
import { ask, prepareToAsk } from './ask.ts';
import type { PeerMemory } from './peer-memory.ts';
import { reach } from './reach.ts';
import { meterStalls } from './stall-meter.ts';
import { StepLog, type StepLogOptions } from './step-log.ts';
import { failed, type StepResult } from './step-result.ts';
import { TlsConnection } from './tls-connection.ts';

export interface LookOptions extends Omit<StepLogOptions, 'stalledMs'> {
  /** The Java delegate beside us, whose view of the server's chain is to be told. */
  readonly delegate?: DelegateSide;
  /** Of an agent that looks again and again. */
  readonly memory?: PeerMemory;
}

/** Looks once. `context` is made from the credential; without one (a local fault) nothing is dialled. */
export async function look(
  target: Target,
  credential: Credential,
  context: SecureContext | undefined,
  options: LookOptions,
): Promise<Evidence> {
  const { stalledMs, stop } = meterStalls(options.clock);
  try {
    const evidence = await attempt(target, credential, context, { ...options, stalledMs });
    const stalled = Math.round(stalledMs());
    return stalled < leastToldMs ? evidence : { ...evidence, stalledMs: stalled };
  } finally {
    stop();
  }
}

async function attempt(
  target: Target,
  credential: Credential,
  context: SecureContext | undefined,
  options: LookOptions & StepLogOptions,
): Promise<Evidence> {
  const startedAt = options.clock.now();
  const log = new StepLog(options);
  const seen = context ? await takeSteps({ target, context, log, options }) : {};
  log.skipRest(context ? 'earlier-step-failed' : 'local-fault');
  return {
    time: isoTime(startedAt),
    target: seeTarget(target),
    steps: log.steps(),
    alerts: [],
    ...(options.delegate && { delegate: options.delegate.seen }),
    ...seen,
    credential: credential.seen,
    ...(credential.clientCertificate && { clientCertificate: credential.clientCertificate }),
  };
}

/** Shorter ones explain nothing. */
const leastToldMs = 500;

interface Run {
  readonly target: Target;
  readonly context: SecureContext;
  readonly log: StepLog;
  readonly options: LookOptions & StepLogOptions;
}

type Answers = Partial<Pick<Evidence, 'http' | 'websocket'>>;
type Seen = Partial<Pick<Evidence, 'tls' | 'alerts' | 'proxy' | 'delegate'>> & Answers;

async function takeSteps(run: Run): Promise<Seen> {
  const { target, context, log, options } = run;
  if (target.httpPath === undefined) log.skip('http', 'not-wanted');
  if (target.websocketPath === undefined) log.skip('websocket', 'not-wanted');
  const { socket, ...reached } = await reach(target, log, options.clock);
  if (!socket) return reached;
  const connection = new TlsConnection(socket, context, target, log.elapsedMs, options.memory);
  if (target.httpPath !== undefined) prepareToAsk();
  try {
    const secured = await log.take('tls', (signal) => connection.handshake(signal));
    const answers = secured ? await seekConsent(connection, run) : {};
    if (!answers.http && !answers.websocket) await connection.hearOut(options.clock);
    return { ...reached, ...connection.see(), ...seeBeside(connection, options), ...answers };
  } finally {
    connection.close();
  }
}

function seeBeside(
  connection: TlsConnection,
  { delegate, clock }: LookOptions,
): Pick<Seen, 'delegate'> {
  return delegate ? { delegate: delegate.see(connection.serverCertificates, clock.now()) } : {};
}

/** Asks for an answer that needs the gateway's consent; where nothing can be asked, waits for its verdict. */
async function seekConsent(connection: TlsConnection, run: Run): Promise<Answers> {
  const { target, log, options } = run;
  const asksNothing = target.httpPath === undefined && target.websocketPath === undefined;
  const hindrance = requestHindrance(connection);
  if (!asksNothing && hindrance === undefined) return takeRequests(connection, run);
  if (hindrance) log.skipRest(hindrance);
  await connection.settle(graceMs(connection), options.clock, options.signal);
  if (connection.isRefused) log.blame('tls', connection.error, 'http');
  return {};
}

function requestHindrance(connection: TlsConnection): SkipReason | undefined {
  if (!connection.isServerTrusted) return 'server-not-trusted';
  const chosen = connection.socket.alpnProtocol;
  return chosen && chosen !== 'http/1.1' ? 'protocol-not-spoken' : undefined;
}

async function takeRequests(connection: TlsConnection, run: Run): Promise<Answers> {
  const { httpPath, websocketPath } = run.target;
  const http = httpPath === undefined ? {} : await takeHttp(connection, httpPath, run);
  const answered = httpPath === undefined || http.http !== undefined;
  if (websocketPath === undefined || !answered) return http;
  return { ...http, ...(await takeWebSocket(connection, run)) };
}

async function takeHttp(connection: TlsConnection, path: string, run: Run): Promise<Answers> {
  const { target, log, options } = run;
  let answers: Answers = {};
  await log.take('http', async (signal) => {
    const { seen, result } = await ask(connection.socket, target, path, options.clock, signal);
    if (seen) answers = { http: seen };
    return unlessOverflown(connection, result);
  });
  if (!answers.http) noteFailure(connection, log, 'http');
  return answers;
}

/** The upgrade goes over the connection at hand, or over a new one where that has already carried a request. */
async function takeWebSocket(first: TlsConnection, run: Run): Promise<Answers> {
  const { target, log, options } = run;
  const { upgrade } = await import('./upgrade.ts');
  const reuse = target.httpPath === undefined;
  let answers: Answers = {};
  await log.take('websocket', async (signal) => {
    const connection = reuse ? first : await connectAgain(run, signal);
    if (!connection) return failed({ code: 'RECONNECT_FAILED' });
    try {
      const holdMs = graceMs(connection);
      const { clock } = options;
      const { seen, result } = await upgrade(connection.socket, target, holdMs, clock, signal);
      if (seen) answers = { websocket: seen };
      return unlessOverflown(connection, result);
    } finally {
      if (!reuse) connection.close();
    }
  });
  if (reuse && !answers.websocket) noteFailure(first, log, 'websocket');
  return answers;
}

/** Node takes a connection that we cut for one that the peer has reset. */
function unlessOverflown(
  { isOverflown }: TlsConnection,
  result: StepResult<undefined>,
): StepResult<undefined> {
  const isHangUp = !result.passed && result.error.code === 'ECONNRESET';
  return isHangUp && isOverflown ? failed({ code: 'LIMIT' }) : result;
}

async function connectAgain(run: Run, signal: AbortSignal): Promise<TlsConnection | undefined> {
  const { target, context } = run;
  const { clock, timeoutMs, stalledMs } = run.options;
  const log = new StepLog({ clock, timeoutMs, signal, ...(stalledMs && { stalledMs }) });
  const { socket } = await reach(target, log, clock);
  if (!socket) return undefined;
  const connection = new TlsConnection(socket, context, target, log.elapsedMs);
  const secured = await log.take('tls', (limit) => connection.handshake(limit));
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
