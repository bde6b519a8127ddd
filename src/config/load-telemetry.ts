/** Where events and metrics go besides: a syslog receiver, a port of our own, a file for node_exporter. */
import type { Config, SyslogConfig } from './config.ts';
import type { LoadInput } from './load-config.ts';
import { optionNames, optionSpec } from './options.ts';
import { checkOwnFile, checkPair } from './own-files.ts';
import { type Findings, isSaid, type Setting, type Sources, settle } from './settings.ts';

type Telemetry = Pick<Config, 'syslog' | 'metrics' | 'metricsTextfile'>;

/** What is wrong is pushed to the findings, whoever asks: one file and environment are everybody's. */
export function loadTelemetry(
  { readFile }: Pick<LoadInput, 'readFile'>,
  sources: Sources,
  findings: Findings,
): Telemetry {
  const syslog = loadSyslog(readFile, sources, findings);
  const metrics = settle('metrics', sources, findings);
  const textfile = settle('metricsTextfile', sources, findings);
  if (textfile && !textfile.value.endsWith('.prom')) findings.problems.push(notProm(textfile));
  return {
    ...(syslog && { syslog }),
    ...(metrics && { metrics: metrics.value }),
    ...(textfile && { metricsTextfile: textfile.value }),
  };
}

/** Undefined without a receiver. */
export function loadSyslog(
  readFile: LoadInput['readFile'],
  sources: Sources,
  findings: Findings,
): SyslogConfig | undefined {
  const { problems } = findings;
  const receiver = settle('syslog', sources, findings);
  const ca = settle('syslogCa', sources, findings);
  const cert = settle('syslogCert', sources, findings);
  const key = settle('syslogKey', sources, findings);
  checkPair(cert, key, ['syslog-cert', 'syslog-key'], problems);
  const caPath = checkOwnFile('certificate', ca, { readFile, problems });
  const certPath = checkOwnFile('certificate', cert, { readFile, problems });
  const keyPath = checkOwnFile('key', key, { readFile, problems });
  if (receiver?.value.protocol !== 'tls') problems.push(...withoutTls(receiver, sources, findings));
  if (!receiver) return undefined;
  return {
    ...receiver.value,
    ...(caPath !== undefined && { caPath }),
    ...(certPath !== undefined && { certPath }),
    ...(keyPath !== undefined && { keyPath }),
  };
}

/** Files for a TLS that nobody asked for. */
function withoutTls(
  receiver: Setting<unknown> | undefined,
  sources: Sources,
  { origins }: Findings,
): Findings['problems'] {
  // A receiver that is a problem is told already.
  if (!receiver && isSaid('syslog', sources)) return [];
  return optionNames
    .filter((name) => /^syslog(?:Ca|Cert|Key)$/.test(name) && isSaid(name, sources))
    .map((name) => ({
      where: origins.find(({ setting }) => setting === name)?.origin ?? optionSpec(name).flag,
      what: receiver ? 'is given, and the receiver speaks no TLS' : 'is given without a receiver',
      expected: '--syslog tls://HOST[:PORT] beside it',
    }));
}

function notProm({ origin: where }: Setting<string>): Findings['problems'][number] {
  return { where, what: 'does not end with .prom', expected: 'a name that node_exporter reads' };
}
