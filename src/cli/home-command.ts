/** `sidelight home`: receives reports until SIGTERM. */
import type { ProgramLog } from '../agent/ports.ts';
import { CannotRun, errorCode } from '../base/cannot-run.ts';
import { systemClock } from '../base/clock.ts';
import type { Endpoint } from '../config/config.ts';
import { type HomeServerConfig, loadHomeServer } from '../config/load-home-server.ts';
import { collectEarly } from '../home/collect-early.ts';
import type { AskForLook } from '../home/control/serve-control.ts';
import type { Notice } from '../home/incidents/state.ts';
import type { TlsFiles } from '../home/renew-tls.ts';
import { type Home, type HomeOptions, startHome } from '../home/start-home.ts';
import type { MetricsServer } from '../sink/metrics/metrics-server.ts';
import { aborted } from './aborted.ts';
import type { CommandLine } from './command-line.ts';
import { exitCodes } from './exit-codes.ts';
import { openHomeControl } from './home-control.ts';
import { openHomeEvents } from './home-events.ts';
import type { Io } from './io.ts';
import { homeInput } from './load-input.ts';
import { endSignal, keepSignal } from './ports.ts';
import { programLog } from './program-log.ts';

export async function home(line: CommandLine, io: Io): Promise<number> {
  const config = loadHomeServer(homeInput(line, io));
  collectEarly();
  const { signal, release } = endSignal(io);
  const reload = keepSignal(io, 'SIGHUP');
  let canEnd = true;
  try {
    const log = programLog(io.stderr, true);
    const server = await startHome({
      ...homeOptions(config, io),
      ...renewalOf(config, io, log),
      onFault: faultTeller(log),
      onNotifyTrouble: notifyTroubleTeller(log),
      onNotice: noticeTeller(log),
    });
    const metrics = config.metrics && (await serveMetrics(config.metrics, server));
    const events = await openHomeEvents(config.events, server, log);
    const endReload = reload.listen(() => events.reopen());
    log.info('home listens', { url: server.url, data: config.dataDir });
    if (metrics) log.info('metrics are served', { port: metrics.port });
    const askForLook: AskForLook = (whom) => server.sockets.probeNow(whom);
    const control = await openHomeControl(config.dataDir, askForLook, log);
    await aborted(signal);
    await control.close();
    await metrics?.close();
    await server.close();
    endReload();
    canEnd = await events.close();
    return exitCodes.good;
  } finally {
    reload.release();
    release();
    // A thread that waits for a reader would be waited for: only a signal ends the process without it.
    if (!canEnd) process.kill(process.pid, 'SIGTERM');
  }
}

function homeOptions(config: HomeServerConfig, { readFile }: Io): HomeOptions {
  const { listen, dataDir, certPath, keyPath, tokenPath, clientCaPath, clientCrlPath } = config;
  const { operatorTokenPath, delegatesPerSender } = config;
  const { keepMs: ageMs, keepOctets: octets, notify, publicUrl } = config;
  return {
    listen,
    dataDir,
    ...(certPath !== undefined && { cert: readFile(certPath) }),
    ...(keyPath !== undefined && { key: readFile(keyPath) }),
    ...(tokenPath !== undefined && { tokens: tokenPath }),
    ...(delegatesPerSender !== undefined && { delegatesPerSender }),
    ...(operatorTokenPath !== undefined && { operatorTokens: operatorTokenPath }),
    ...(clientCaPath !== undefined && { clientCa: readFile(clientCaPath) }),
    ...(clientCrlPath !== undefined && { revoked: clientCrlPath }),
    keep: { ...(ageMs !== undefined && { ageMs }), ...(octets !== undefined && { octets }) },
    ...(notify && { notify }),
    ...(publicUrl !== undefined && { publicUrl }),
    clock: systemClock,
  };
}

/** Both files of a pair are read anew, and the client CA with them. */
function renewalOf(
  { certPath, keyPath, clientCaPath }: HomeServerConfig,
  { readFile }: Io,
  log: ProgramLog,
): Pick<HomeOptions, 'renewal'> {
  if (certPath === undefined) return {};
  const read = (): TlsFiles => ({
    cert: readFile(certPath),
    ...(keyPath !== undefined && { key: readFile(keyPath) }),
    ...(clientCaPath !== undefined && { clientCa: readFile(clientCaPath) }),
  });
  return { renewal: { read, onRenewed: () => log.info('another certificate is in use') } };
}

function notifyTroubleTeller(log: ProgramLog): NonNullable<HomeOptions['onNotifyTrouble']> {
  return (receiver, { code, status, error }) => {
    const facts = { receiver, code, status, error };
    if (code === 'none') log.info('notifications are delivered again', { receiver });
    else if (code === 'gone') log.warn('a receiver is gone and is notified no longer', facts);
    else log.warn('notifications cannot be delivered', facts);
  };
}

async function serveMetrics(endpoint: Endpoint, home: Home): Promise<MetricsServer> {
  const { openHomeMetrics } = await import('../home/home-metrics.ts');
  const { startMetricsServer } = await import('../sink/metrics/metrics-server.ts');
  const { store, ...parts } = home;
  const measured = await openHomeMetrics({ ...parts, db: store.db, clock: systemClock });
  try {
    return await startMetricsServer(endpoint, measured);
  } catch (error) {
    await home.close();
    const what = `${endpoint.host}:${endpoint.port} cannot be had (${errorCode(error)})`;
    const problem = { where: '--metrics', what, expected: 'a free port of this machine' };
    throw new CannotRun([problem], { cause: error });
  }
}

const mostNoticesMs = 3_600_000;
const mostNoticed = 1_000;

/** One line an hour for each sender, and for each target. */
function noticeTeller(log: ProgramLog): NonNullable<HomeOptions['onNotice']> {
  const toldMs = new Map<string, number>();
  return (notice) => {
    const what = JSON.stringify(notice);
    const nowMs = systemClock.monotonicMs();
    if (nowMs - (toldMs.get(what) ?? Number.NEGATIVE_INFINITY) < mostNoticesMs) return;
    if (toldMs.size >= mostNoticed) toldMs.clear();
    toldMs.set(what, nowMs);
    log.warn(noticed[notice.kind], factsOf(notice));
  };
}

function factsOf(notice: Notice): Readonly<Record<string, string>> {
  switch (notice.kind) {
    case 'sender-full':
      return { sender: notice.sender };
    case 'fleet-full':
      return {};
    case 'held-back':
      return { target: notice.target, senders: notice.senders.join(', ') };
  }
}

const noticed: Readonly<Record<Notice['kind'], string>> = {
  'sender-full':
    'a sender brings more delegates than it may speak for, and some are left out; see delegates= in --token-file, and --delegates-per-sender',
  'fleet-full': 'more delegates report than can be kept, and those that are silent are forgotten',
  'held-back':
    'many say the same, but too few senders brought it for an incident; see delegates= in --token-file',
};

const mostFaultsMs = 60_000;

/** One line a minute for each kind: a full disk fails every report. */
function faultTeller(log: ProgramLog): (error: unknown) => void {
  const toldMs = new Map<string, number>();
  return (error) => {
    const { errcode } = (error ?? {}) as { errcode?: unknown };
    const code = typeof errcode === 'number' ? `SQLITE_${errcode}` : errorCode(error);
    const nowMs = systemClock.monotonicMs();
    if (nowMs - (toldMs.get(code) ?? Number.NEGATIVE_INFINITY) < mostFaultsMs) return;
    toldMs.set(code, nowMs);
    log.warn('something went wrong here, and senders keep what was not stored', { code });
  };
}
