/** A network that goes and comes, and names that lead elsewhere, in namespaces of their own. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { eventCodeOf } from '../../src/report/event.ts';
import { type Agent, lastWord, setStage, slow, startAgent } from './stage.ts';

const stage = setStage();
const port = 8443;

interface Namespace {
  readonly enter: readonly string[];
  /** To which address the gateway's name leads; undefined: to none. */
  name(address: string | undefined): void;
  ip(...args: readonly string[]): void;
}

/** A network with nothing but a loopback device, and names of its own; ends with the test. */
async function openNamespace(): Promise<Namespace> {
  const hosts = join(stage.directory, 'hosts');
  const resolver = join(stage.directory, 'resolv.conf');
  const name = (address: string | undefined): void =>
    writeFileSync(hosts, address === undefined ? '' : `${address} gateway.test\n`);
  name('127.0.0.1');
  writeFileSync(resolver, 'nameserver 127.0.0.1\noptions timeout:1 attempts:1\n');
  const script =
    'ip link set lo up && mount --bind "$0" /etc/hosts && mount --bind "$1" /etc/resolv.conf && echo ready && exec sleep 600';
  const holder = spawn('unshare', ['-rnm', 'sh', '-c', script, hosts, resolver], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  stage.closing.push(async () => {
    holder.kill('SIGKILL');
    if (holder.exitCode === null) await once(holder, 'close');
  });
  await once(holder.stdout, 'data');
  const enter = ['nsenter', '-t', `${holder.pid}`, '-U', '--preserve-credentials', '-n', '-m'];
  const [nsenter = '', ...into] = enter;
  return { enter, name, ip: (...args) => void execFileSync(nsenter, [...into, 'ip', ...args]) };
}

/** At 127.0.0.1 within the namespace. */
async function startGatewayIn({ enter }: Namespace): Promise<void> {
  const { server, delegateCa } = stage;
  const [command = '', ...rest] = [
    ...[...enter, 'openssl', 's_server', '-accept', `127.0.0.1:${port}`, '-www'],
    ...['-cert', server.certPath, '-key', server.keyPath],
    ...['-CAfile', delegateCa.certPath, '-Verify', '2'],
  ];
  const gateway = spawn(command, rest, { stdio: ['ignore', 'pipe', 'ignore'] });
  stage.closing.push(() => gateway.kill('SIGKILL'));
  await once(gateway.stdout, 'data');
}

function startAgentIn({ enter }: Namespace): Agent {
  const where = [`https://gateway.test:${port}/`, '--server-name', 'localhost'];
  return startAgent(stage, ['run', ...where, '--interval', '60s', '--timeout', '2s'], enter);
}

const told = (agent: Agent) =>
  agent.reports().map((report) => [eventCodeOf(report), report.cause?.code]);

test(
  'an interface that goes down and comes up again is a silent network, and a recovery',
  slow,
  async () => {
    const namespace = await openNamespace();
    await startGatewayIn(namespace);
    const agent = startAgentIn(namespace);
    await expect.poll(() => lastWord(agent)).toBe('accepted');
    namespace.ip('link', 'set', 'lo', 'down');
    await expect.poll(() => lastWord(agent)).toBe('tcp-timeout');
    namespace.ip('link', 'set', 'lo', 'up');
    await expect.poll(() => lastWord(agent)).toBe('accepted');
    expect(told(agent)).toEqual([
      ['target-accepted', undefined],
      ['target-failed', 'tcp-timeout'],
      ['target-recovered', undefined],
    ]);
  },
);

test(
  'a name that leads elsewhere, then nowhere, then back is told as each of these',
  slow,
  async () => {
    const namespace = await openNamespace();
    await startGatewayIn(namespace);
    const agent = startAgentIn(namespace);
    await expect.poll(() => lastWord(agent)).toBe('accepted');
    namespace.name('127.0.0.9');
    await expect.poll(() => lastWord(agent)).toBe('dns-unexpected-address');
    namespace.name(undefined);
    await expect.poll(() => lastWord(agent)).toBe('dns-temporary-failure');
    namespace.name('127.0.0.1');
    await expect.poll(() => lastWord(agent)).toBe('accepted');
    expect(told(agent)).toEqual([
      ['target-accepted', undefined],
      ['target-failed', 'dns-unexpected-address'],
      ['target-failed', 'dns-temporary-failure'],
      ['target-recovered', undefined],
    ]);
  },
);
