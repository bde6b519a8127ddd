/**
 * The executable in a tree like a delegate's image: a read-only root with glibc, CA certificates and itself,
 * as uid 1001 without capabilities, with the delegate's environment and no option. Needs root, for the tree;
 * an executable given as argument is tried in place of dist/sidelight.
 */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makePki } from '../test/support/openssl.ts';
import { startSServer } from '../test/support/s-server.ts';
import { enter } from './image/enter.ts';
import { delegateUser, makeTree } from './image/tree.ts';

const executable = process.argv[2] ?? join(import.meta.dirname, '../dist/sidelight');
if (process.getuid?.() !== 0) throw new Error('only root can make such a tree');
if (!existsSync(executable)) throw new Error(`there is no ${executable}: npm run build`);

const say = (text: string): void => void process.stdout.write(`${text}\n`);
const faults: string[] = [];
function hold(what: string, isSo: boolean): void {
  say(`${isSo ? 'ok  ' : 'NOT '} ${what}`);
  if (!isSo) faults.push(what);
}

const work = mkdtempSync(join(tmpdir(), 'sidelight-image-'));
const root = join(work, 'root');
const gatewayName = 'gateway.test';
const pki = makePki(work);
const delegateCa = pki.ca('Delegate CA');
const gatewayCa = pki.ca('Gateway CA');
const client = pki.leaf({ cn: 'delegate-1', ca: delegateCa, keyType: 'rsa' });
const server = pki.server({ ca: gatewayCa, san: `DNS:${gatewayName}` });
const libraries = makeTree(root, { executable, client, gatewayCa, gatewayName });

const startGateway = (clientCa: string) =>
  startSServer(
    ...['-cert', server.certPath, '-key', server.keyPath, '-CAfile', clientCa],
    ...['-Verify', '1', '-verify_return_error', '-www'],
  );
const gateway = await startGateway(delegateCa.certPath);
const strict = await startGateway(gatewayCa.certPath);

/** What the vendor's chart puts into the delegate's environment. */
const environment = (port: number) => ({
  ACCOUNT_ID: 'kmpySmUISimoRrJL6NL73w',
  MANAGER_HOST_AND_PORT: `https://${gatewayName}:${port}`,
  DELEGATE_NAME: 'blue',
  DELEGATE_TOKEN: 'ffffffffffffffffffffffffffffffff',
  DELEGATE_TYPE: 'HELM_DELEGATE',
  DEPLOY_MODE: 'KUBERNETES',
  NEXT_GEN: 'true',
  JAVA_OPTS: '-Xms64M',
  LOG_STREAMING_SERVICE_URL: `https://${gatewayName}:${port}/log-service/`,
  HOME: '/opt/harness-delegate',
});

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function listen(child: ChildProcess): () => Omit<Ended, 'code'> {
  const said = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name]?.setEncoding('utf8').on('data', (text: string) => {
      said[name] += text;
    });
  }
  return () => said;
}

async function run(args: readonly string[], port: number): Promise<Ended> {
  const child = enter(root, args, environment(port));
  const said = listen(child);
  const [code] = await once(child, 'close');
  return { code, ...said() };
}

/** Names, sizes and times of everything in the tree. */
function contents(): string {
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .sort()
    .map((name) => {
      const { size, mtimeMs, ctimeMs } = statSync(join(root, name));
      return `${name} ${size} ${mtimeMs} ${ctimeMs}`;
    })
    .join('\n');
}

/** The process that is the first of its namespace. */
async function firstProcess(child: ChildProcess, said: () => Omit<Ended, 'code'>): Promise<number> {
  while (!said().stderr.includes('"started"')) {
    if (child.exitCode !== null) throw new Error(`run ended: ${said().stderr}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const children = readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8');
  return Number(children.trim().split(' ')[0]);
}

async function tryRun(): Promise<void> {
  const child = enter(root, ['run', '--interval', '1s'], environment(gateway.port));
  const said = listen(child);
  const pid = await firstProcess(child, said);
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const field = (name: string): string =>
    new RegExp(`^${name}:\\t(.*)$`, 'm').exec(status)?.[1] ?? '';
  say(
    `     uid ${field('Uid').split('\t')[0]}, CapEff ${field('CapEff')}, NoNewPrivs ${field('NoNewPrivs')}, ${field('Threads')} threads, VmRSS ${field('VmRSS').trim()}`,
  );
  hold(
    'run is uid 1001 and the first process of its namespace',
    field('Uid').startsWith(`${delegateUser.uid}\t`) && field('NSpid').endsWith('\t1'),
  );
  hold('run has no capability', /^0+$/.test(field('CapEff')) && /^0+$/.test(field('CapPrm')));
  hold('run says that nothing is kept', said().stderr.includes('nothing is kept'));
  const ended = once(child, 'close');
  process.kill(pid, 'SIGTERM');
  const [code] = await ended;
  hold(`SIGTERM ends it with ${code}`, code === 0);
}

try {
  say(`tree: ${libraries.join(' ')}; the rest is settings`);
  const before = contents();
  const accepted = await run(['check'], gateway.port);
  say(indented(accepted.stdout.split('\n').slice(0, 4).join('\n')));
  if (accepted.stderr) say(indented(accepted.stderr));
  hold(
    'check without an option is accepted, exit code 0',
    accepted.code === 0 && accepted.stdout.startsWith('Accepted'),
  );
  const shown = await run(['check', '--show-config'], gateway.port);
  say(
    indented(
      shown.stdout
        .split('\n')
        .filter((line) => /^(?:targets\[0\]\.(?:url|cert|key|ca|proxy|javaT)|delegate)/.test(line))
        .join('\n'),
    ),
  );
  hold('--show-config prints no token', shown.code === 0 && !/f{32}/.test(shown.stdout));
  const refused = await run(['check'], strict.port);
  say(indented(refused.stdout.split('\n').slice(0, 3).join('\n')));
  hold('a gateway with another client CA refuses it, exit code 1', refused.code === 1);
  await tryRun();
  hold('nothing in the tree has changed', contents() === before);
} finally {
  await Promise.all([gateway.stop(), strict.stop()]);
  rmSync(work, { recursive: true, force: true });
}
if (faults.length > 0) process.exitCode = 1;

function indented(text: string): string {
  return text.replace(/^/gm, '     ');
}
