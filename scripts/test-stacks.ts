/** Holds Sidelight's evidence against tshark's decoding of the same connections, over real servers and faults. */
import type { ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import type { TlsVersion } from '../src/config/config.ts';
import type { Decoded } from '../test/corpus/decoded.ts';
import type { Aim } from '../test/support/aim-at.ts';
import { apacheStack } from './stacks/apache.ts';
import { startCapture } from './stacks/capture.ts';
import { type Comparison, compare } from './stacks/compare.ts';
import {
  type Fault,
  faultNames,
  faults,
  foreignAlpn,
  foreignName,
  foreignSuites,
  serverAlpn,
  serverName,
  versions,
} from './stacks/fault.ts';
import { gnutlsStack } from './stacks/gnutls.ts';
import { haproxyStack } from './stacks/haproxy.ts';
import { type Looked, type Looks, startLooks } from './stacks/looks.ts';
import { type Materials, mintMaterials } from './stacks/materials.ts';
import { nginxStack } from './stacks/nginx.ts';
import { nodeStack } from './stacks/node.ts';
import { opensslStack } from './stacks/openssl.ts';
import {
  endProcess,
  freePorts,
  type Listener,
  listeners,
  type Ports,
  type Stack,
  waitForListener,
} from './stacks/stack.ts';
import { stunnelStack } from './stacks/stunnel.ts';
import { printTable, type Result } from './stacks/table.ts';
import { decodeCapture, tsharkVersion } from './stacks/tshark.ts';
import { verifyCorpus } from './stacks/verify-corpus.ts';

const stacks: readonly Stack[] = [
  opensslStack,
  nginxStack,
  gnutlsStack,
  haproxyStack,
  stunnelStack,
  apacheStack,
  nodeStack,
];

interface Case {
  readonly stack: Stack;
  readonly fault: Fault;
  readonly version: TlsVersion;
}

interface LookedCase extends Case {
  readonly looked: Looked;
}

const directory = mkdtempSync(join(tmpdir(), 'sidelight-stacks-'));
const children: ChildProcess[] = [];
try {
  process.exitCode = (await run()) ? 0 : 1;
} finally {
  await Promise.all(children.map(endProcess));
  rmSync(directory, { recursive: true, force: true });
}

/** True when every cell is exact. */
async function run(): Promise<boolean> {
  const chosen = stacks.filter(
    ({ name }) => process.argv.length < 3 || process.argv.includes(name),
  );
  const materials = mintMaterials(directory);
  const portsOf = new Map<Stack, Ports>();
  for (const stack of chosen) portsOf.set(stack, await startStack(stack, materials));
  const serverPorts = [...portsOf.values()].flatMap((ports) => Object.values(ports));
  const capture = {
    path: join(directory, 'capture.pcapng'),
    keyLogPath: join(directory, 'keys'),
    serverPorts,
  };
  const capturing = await startCapture(capture.path, serverPorts);
  const looks = startLooks(capture.keyLogPath);
  const cases = await Promise.all(
    [...portsOf].map(([stack, ports]) => lookAtStack(stack, ports, materials, looks)),
  );
  await looks.end();
  await capturing.stop();
  const decoded = decodeCapture(capture);
  const unmatched = [...decoded];
  const results = cases.flat().map((looked) => judge(looked, takeConnection(looked, unmatched)));
  const isExact = printTable(chosen, results, `tshark ${tsharkVersion()}`);
  return printCorpus() && isExact;
}

/** True when the corpus that the tests read is what tshark says. */
function printCorpus(): boolean {
  const { all, differing } = verifyCorpus();
  const names = differing.map((name) => `DIFFERS  corpus ${name}\n`);
  process.stdout.write(
    `${names.join('')}corpus as tshark decodes it: ${all - differing.length} of ${all}\n`,
  );
  return differing.length === 0;
}

async function startStack(stack: Stack, materials: Materials): Promise<Ports> {
  const own = join(directory, stack.name);
  mkdirSync(own);
  const free = await freePorts(listeners.length);
  const ports = Object.fromEntries(listeners.map((name, index) => [name, free[index]])) as Ports;
  children.push(...stack.start(materials, ports, own));
  for (const port of free) await waitForListener(port, stack.name);
  return ports;
}

/** One look after the other: some of these servers serve one client at a time. */
async function lookAtStack(
  stack: Stack,
  ports: Ports,
  materials: Materials,
  looks: Looks,
): Promise<readonly LookedCase[]> {
  const done: LookedCase[] = [];
  for (const version of versions) {
    for (const fault of faultNames) {
      if (stack.cannot[fault] !== undefined) continue;
      const looked = await looks.look(aimFor(fault, version, ports, materials));
      done.push({ stack, fault, version, looked });
    }
  }
  return done;
}

function aimFor(fault: Fault, version: TlsVersion, ports: Ports, materials: Materials): Aim {
  return {
    port: ports[listenerFor(fault, version)],
    host: fault === 'unknown-name' ? foreignName : serverName,
    credential: materials.credentialFor(fault),
    tls: {
      minVersion: version,
      maxVersion: version,
      alpn: [fault === 'alpn-mismatch' ? foreignAlpn : serverAlpn],
      ...(fault === 'no-shared-suite' && { ciphers: foreignSuites }),
    },
    timeoutMs: 5000,
  };
}

function listenerFor(fault: Fault, version: TlsVersion): Listener {
  if (fault === 'wrong-version') return version === '1.2' ? 'tls13' : 'tls12';
  return fault === 'unknown-name' ? 'named' : 'both';
}

/** The first of that look's ports: a port of ours may come twice, and then in the order of the looks. */
function takeConnection({ looked }: LookedCase, unmatched: Decoded[]): Decoded | undefined {
  const { clientPort, evidence } = looked;
  const index = unmatched.findIndex(
    (candidate) =>
      candidate.clientPort === clientPort && candidate.serverPort === evidence.target.port,
  );
  return index < 0 ? undefined : unmatched.splice(index, 1)[0];
}

function judge(
  { stack, fault, version, looked }: LookedCase,
  connection: Decoded | undefined,
): Result {
  const { evidence, outcome } = looked;
  const compared: Comparison = connection
    ? compare(evidence, connection)
    : { differences: ['not in the capture'], alerts: nothing, leaves: nothing };
  const expected = faults[fault].outcome;
  return {
    stack: stack.name,
    fault,
    version,
    ...compared,
    outcome,
    differences: [
      ...compared.differences,
      ...(outcome === expected ? [] : [`concluded ${outcome}, not ${expected}`]),
    ],
  };
}

const nothing = { exact: 0, all: 0 };
