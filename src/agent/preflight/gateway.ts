/** `preflight gateway`: the secret judged by its files, then rehearsed with every sample client on TLS 1.2 and 1.3. */
import { errorCode } from '../../base/cannot-run.ts';
import { isoTime } from '../../base/clock.ts';
import { type TlsVersion, tlsVersions } from '../../config/config.ts';
import type { PreflightGatewayConfig } from '../../config/load-preflight.ts';
import type { Credential } from '../../credential/credential.ts';
import { loadCredential } from '../../credential/load-credential.ts';
import { readAnchors } from '../../credential/read-anchors.ts';
import { diagnose } from '../../diagnosis/diagnose.ts';
import type { CheckResult } from '../../preflight/check.ts';
import { type ClientSubject, toClientSubject } from '../../preflight/client/client-subject.ts';
import { gatewayChecks } from '../../preflight/gateway/gateway-checks.ts';
import { type GatewayFacts, toGatewaySubject } from '../../preflight/gateway/gateway-subject.ts';
import { judgeAlone, judgeRehearsed } from '../../preflight/gateway/rehearsed.ts';
import { judgeHandshake, noHandshake } from '../../preflight/live.ts';
import { judgeAll } from '../../preflight/preflight.ts';
import { look } from '../../probe/look.ts';
import { aim } from '../../target/target.ts';
import { loadFor } from '../credential-store.ts';
import type { PreflightPorts } from './client.ts';
import { type Rehearsal, startRehearsal } from './rehearsal.ts';
import { findClients, type SampleClient } from './sample-clients.ts';

const stepTimeoutMs = 5000;

/** Throws CannotRun when samples are asked for and there are none. */
export async function runPreflightGateway(
  config: PreflightGatewayConfig,
  ports: PreflightPorts,
): Promise<readonly CheckResult[]> {
  const { clientsPath } = config;
  const clients = clientsPath === undefined ? [] : findClients(clientsPath);
  const stage = await setStage(config, ports);
  try {
    const offline = judgeAll(gatewayChecks, toGatewaySubject(stage.facts));
    const rehearsed = await rehearseAll(clients, stage);
    return [...offline, ...rehearsed];
  } finally {
    await stage.rehearsal?.close();
  }
}

interface Stage {
  readonly config: PreflightGatewayConfig;
  readonly ports: PreflightPorts;
  readonly facts: GatewayFacts;
  /** Absent when the secret does not load. */
  readonly rehearsal?: Rehearsal;
}

async function setStage(config: PreflightGatewayConfig, ports: PreflightPorts): Promise<Stage> {
  const credential = loadCredential(config.credential);
  const clientCa = readAnchors(config.clientCaPath);
  const { rehearsal, listenError } = await start(credential, clientCa.ca, ports);
  const { seen, chain = [], clientCertificate: leaf } = credential;
  const { caPath, serverName } = config;
  const facts: GatewayFacts = {
    now: isoTime(ports.clock.now()),
    credential: seen,
    chain,
    ...(leaf && { leafSha256: leaf.sha256 }),
    clientCa,
    ...(caPath !== undefined && { ca: readAnchors(caPath) }),
    ...(serverName !== undefined && { serverName }),
    ...(listenError !== undefined && { listenError }),
  };
  return { config, ports, facts, ...(rehearsal && { rehearsal }) };
}

async function start(
  { material }: Credential,
  clientCa: string | undefined,
  { clock }: PreflightPorts,
): Promise<{ readonly rehearsal?: Rehearsal; readonly listenError?: string }> {
  if (!material) return {};
  try {
    return { rehearsal: await startRehearsal(material, clientCa, clock) };
  } catch (error) {
    return { listenError: errorCode(error) };
  }
}

async function rehearseAll(
  clients: readonly SampleClient[],
  stage: Stage,
): Promise<readonly CheckResult[]> {
  if (clients.length === 0)
    return [noHandshake('Sample clients are accepted', 'No --clients are given.')];
  const results: CheckResult[] = [];
  for (const client of clients) results.push(...(await rehearse(client, stage)));
  return results;
}

/** One check for each version; of a certificate without a key, one for its path. */
async function rehearse(client: SampleClient, stage: Stage): Promise<readonly CheckResult[]> {
  const { name, certPath, keyPath } = client;
  const subject = sampleSubject(certPath, keyPath ?? certPath, stage);
  if (keyPath === undefined) return [judgeAlone(`The client ${name} is accepted`, subject)];
  const results: CheckResult[] = [];
  for (const version of tlsVersions) {
    const title = `The client ${name} is accepted on TLS ${version}`;
    const { rehearsal } = stage;
    results.push(
      rehearsal
        ? await shakeHands({ title, version, certPath, keyPath, subject }, stage, rehearsal)
        : noHandshake(title, 'There is no listener: the secret does not load.'),
    );
  }
  return results;
}

function sampleSubject(
  certPath: string,
  keyPath: string,
  { facts: { now, clientCa } }: Stage,
): ClientSubject {
  const { seen, chain = [], clientCertificate } = loadCredential({ certPath, keyPath });
  return toClientSubject({
    now,
    credential: seen,
    chain,
    ...(clientCertificate && { leafSha256: clientCertificate.sha256 }),
    clientCa,
  });
}

interface Attempt {
  readonly title: string;
  readonly version: TlsVersion;
  readonly certPath: string;
  readonly keyPath: string;
  readonly subject: ClientSubject;
}

/** The listener's word counts; where it came to none, what the client saw. */
async function shakeHands(
  { title, version, certPath, keyPath, subject }: Attempt,
  { config, ports: { clock, signal } }: Stage,
  rehearsal: Rehearsal,
): Promise<CheckResult> {
  const { serverName, caPath, credential: server } = config;
  const anchors = caPath ?? server.certPath;
  const target = {
    url: new URL(`https://${serverName ?? 'localhost'}:${rehearsal.port}/`),
    address: '127.0.0.1',
    credential: { certPath, keyPath, ...(anchors !== undefined && { caPath: anchors }) },
    tls: { minVersion: version, maxVersion: version, alpn: ['http/1.1'] },
  };
  const { credential, context } = loadFor(target);
  const options = { clock, signal, timeoutMs: stepTimeoutMs };
  rehearsal.takeVerdicts();
  const evidence = await look(aim(target), credential, context, options);
  const [verdict] = rehearsal.takeVerdicts();
  return verdict
    ? judgeRehearsed(title, verdict, subject, evidence)
    : judgeHandshake(title, evidence, diagnose(evidence));
}
