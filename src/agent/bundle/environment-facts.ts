/** Facts about the machine and the container that bear on a handshake: an allow-list, never the environment itself. */
import { closeSync, existsSync, openSync, readSync } from 'node:fs';
import { freemem, release, totalmem } from 'node:os';
import { version } from '../../base/version.ts';
import type { DelegateSources } from '../../config/delegate-sources.ts';
import { clean } from '../../report/clean.ts';
import { knownVariables } from './known-variables.ts';

type Environment = Readonly<Record<string, string | undefined>>;

export interface FactsInput {
  /** Of this process. */
  readonly env: Environment;
  readonly delegate: DelegateSources;
  readonly hostname: string;
  /** Names of the targets: what the hosts file says about them is told. */
  readonly hosts: readonly string[];
}

/** One group of facts; absent facts could not be read. */
export type Facts = Readonly<Record<string, unknown>>;

export function environmentFacts(input: FactsInput): Readonly<Record<string, Facts>> {
  const groups = {
    versions: versions(),
    system: system(input.hostname),
    user: user(),
    container: container(input.env),
    time: timeFacts(),
    resolver: resolver(input.hosts),
    ...knownVariables(input.delegate),
  };
  return clean(groups) as Readonly<Record<string, Facts>>;
}

function versions(): Facts {
  const { node, openssl, sqlite } = process.versions;
  return { sidelight: version, node, openssl, sqlite };
}

function system(hostname: string): Facts {
  const osRelease = textOf('/etc/os-release') ?? '';
  return {
    hostname,
    platform: `${process.platform} ${process.arch}`,
    distribution: /^PRETTY_NAME="?([^"\n]*)"?$/m.exec(osRelease)?.[1],
    kernel: release(),
    glibc: glibcVersion(),
    memoryTotalBytes: totalmem(),
    memoryFreeBytes: freemem(),
  };
}

/** What this needs of `process.report`; the types do not know all of it. */
interface RuntimeReport {
  excludeNetwork: boolean;
  getReport(): { readonly header?: { readonly glibcVersionRuntime?: string } };
}

/** Without the network part, which would look names up. */
function glibcVersion(): string | undefined {
  const report = process.report as unknown as RuntimeReport;
  const before = report.excludeNetwork;
  report.excludeNetwork = true;
  const { header } = report.getReport();
  report.excludeNetwork = before;
  return header?.glibcVersionRuntime;
}

function user(): Facts {
  return {
    uid: process.getuid?.(),
    gid: process.getgid?.(),
    groups: process.getgroups?.(),
    workingDirectory: process.cwd(),
    pid: process.pid,
  };
}

function container(env: Environment): Facts {
  const status = textOf('/proc/self/status') ?? '';
  const root = /^\S+ \/ \S+ (\S+)/m.exec(textOf('/proc/mounts') ?? '')?.[1];
  return {
    docker: existsSync('/.dockerenv'),
    podman: existsSync('/run/.containerenv'),
    kubernetes: env['KUBERNETES_SERVICE_HOST'] !== undefined,
    rootReadOnly: root?.split(',').includes('ro'),
    effectiveCapabilities: /^CapEff:\s*(\S+)/m.exec(status)?.[1],
    noNewPrivileges: /^NoNewPrivs:\s*(\S+)/m.exec(status)?.[1],
    seccomp: /^Seccomp:\s*(\S+)/m.exec(status)?.[1],
    memoryLimit: textOf('/sys/fs/cgroup/memory.max')?.trim(),
    processorLimit: textOf('/sys/fs/cgroup/cpu.max')?.trim(),
  };
}

function timeFacts(): Facts {
  const clocksource = '/sys/devices/system/clocksource/clocksource0/current_clocksource';
  return {
    zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    uptimeSeconds: Number(textOf('/proc/uptime')?.split(' ')[0]) || undefined,
    clocksource: textOf(clocksource)?.trim(),
    synchronizedByTimesyncd: existsSync('/run/systemd/timesync/synchronized'),
    chronyRuns: existsSync('/run/chrony/chronyd.pid') || existsSync('/run/chrony/chronyd.sock'),
  };
}

function resolver(hosts: readonly string[]): Facts {
  const named = (line: string): boolean => line.split(/\s+/).some((word) => hosts.includes(word));
  return {
    configuration: linesOf('/etc/resolv.conf').filter((line) =>
      /^(?:nameserver|search|domain|options)\s/.test(line),
    ),
    order: linesOf('/etc/nsswitch.conf').find((line) => line.startsWith('hosts:')),
    hostsFile: linesOf('/etc/hosts').filter((line) => !line.startsWith('#') && named(line)),
  };
}

function linesOf(path: string): readonly string[] {
  return (textOf(path) ?? '').split('\n').map((line) => line.trim());
}

const maxBytes = 64 * 1024;

/** The beginning of a small file; undefined when it cannot be read. */
function textOf(path: string): string | undefined {
  try {
    const descriptor = openSync(path, 'r');
    try {
      const octets = Buffer.alloc(maxBytes);
      return octets.toString('utf8', 0, readSync(descriptor, octets, 0, maxBytes, 0));
    } finally {
      closeSync(descriptor);
    }
  } catch {
    return undefined;
  }
}
