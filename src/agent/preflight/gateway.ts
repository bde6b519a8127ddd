/** `preflight gateway`: the secret judged by its files, then rehearsed with every sample client on TLS 1.2 and 1.3. */
import { errorCode } from '../../base/cannot-run.ts';
import { isoTime } from '../../base/clock.ts';
import { type CredentialConfig, type TlsVersion, tlsVersions } from '../../config/config.ts';
import type { PreflightGatewayConfig } from '../../config/load-preflight.ts';
import { asDeployed } from '../../credential/as-deployed.ts';
import type { CredentialMaterial } from '../../credential/credential.ts';
import { loadCredential } from '../../credential/load-credential.ts';
import { readAnchors } from '../../credential/read-anchors.ts';
import type { AnchorFile } from '../../credential/read-certificates.ts';
import { diagnose } from '../../diagnosis/diagnose.ts';
import type { Evidence } from '../../evidence/evidence.ts';
import type { CheckResult } from '../../preflight/check.ts';
import { type ClientSubject, toClientSubject } from '../../preflight/client/client-subject.ts';
import { isLoadable } from '../../preflight/gateway/client-ca.ts';
import { gatewayChecks } from '../../preflight/gateway/gateway-checks.ts';
import {
  type GatewayFacts,
  type GatewaySubject,
  toGatewaySubject,
} from '../../preflight/gateway/gateway-subject.ts';
import { judgeAlone, judgeRehearsed } from '../../preflight/gateway/rehearsed.ts';
import { judgeTrust, noTrust } from '../../preflight/gateway/trusted.ts';
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
    const subject = toGatewaySubject(stage.facts);
    const offline = judgeAll(gatewayChecks, subject);
    const trusted = await rehearseDelegates(subject, stage);
    const rehearsed = await rehearseAll(clients, stage);
    return [...offline, ...trusted, ...rehearsed];
  } finally {
    await stage.rehearsal?.close();
  }
}

interface Stage {
  readonly config: PreflightGatewayConfig;
  readonly ports: PreflightPorts;
  readonly facts: GatewayFacts;
  /** Absent when certificate and key do not load. */
  readonly rehearsal?: Rehearsal;
  /** The client CA loads: a client can be accepted. */
  readonly isReady: boolean;
}

async function setStage(config: PreflightGatewayConfig, ports: PreflightPorts): Promise<Stage> {
  const credential = loadCredential(config.credential);
  const clientCa = readAnchors(config.clientCaPath);
  const deployed = credential.material && asDeployed(config.credential, credential.material);
  const isReady = isLoadable(clientCa);
  const { rehearsal, listenError } = await start(deployed, isReady ? clientCa : undefined, ports);
  const { seen, chain = [], clientCertificate: leaf } = credential;
  const { caPath, serverName } = config;
  const facts: GatewayFacts = {
    now: isoTime(ports.clock.now()),
    credential: seen,
    chain,
    ...(leaf && { leafSha256: leaf.sha256 }),
    ...(deployed && { octets: Buffer.from(deployed.cert) }),
    clientCa,
    ...(caPath !== undefined && { ca: readAnchors(caPath) }),
    ...(serverName !== undefined && { serverName }),
    ...(listenError !== undefined && { listenError }),
  };
  return { config, ports, facts, isReady, ...(rehearsal && { rehearsal }) };
}

async function start(
  material: CredentialMaterial | undefined,
  clientCa: AnchorFile | undefined,
  { clock }: PreflightPorts,
): Promise<{ readonly rehearsal?: Rehearsal; readonly listenError?: string }> {
  if (!material) return {};
  try {
    return { rehearsal: await startRehearsal(material, clientCa?.octets ?? clientCa?.ca, clock) };
  } catch (error) {
    return { listenError: errorCode(error) };
  }
}

/** Whether a delegate with the anchors of `--ca` takes the server: OpenSSL's verdict in a handshake, on each version. */
async function rehearseDelegates(
  subject: GatewaySubject,
  stage: Stage,
): Promise<readonly CheckResult[]> {
  const { config, rehearsal } = stage;
  const results: CheckResult[] = [];
  for (const version of tlsVersions) {
    const title = `Delegates trust the server on TLS ${version}`;
    if (!rehearsal) {
      results.push(noTrust(title, noListener));
    } else if (config.caPath === undefined) {
      results.push(noTrust(title, 'No --ca is given: what delegates trust is not known.'));
    } else {
      const evidence = await lookAt(rehearsal, { version, caPath: config.caPath }, stage);
      results.push(judgeTrust(title, evidence, diagnose(evidence), subject));
    }
  }
  return results;
}

const noListener = 'There is no listener: the secret does not load.';

interface Connecting extends CredentialConfig {
  readonly version: TlsVersion;
}

/** One handshake with the listener. */
async function lookAt(
  rehearsal: Rehearsal,
  { version, ...credential }: Connecting,
  { config, ports: { clock, signal } }: Stage,
): Promise<Evidence> {
  const target = {
    url: new URL(`https://${config.serverName ?? 'localhost'}:${rehearsal.port}/`),
    address: '127.0.0.1',
    credential,
    tls: { minVersion: version, maxVersion: version, alpn: ['http/1.1'] },
  };
  const loaded = loadFor(target);
  const options = { clock, signal, timeoutMs: stepTimeoutMs };
  return look(aim(target), loaded.credential, loaded.context, options);
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
  const { rehearsal, isReady } = stage;
  const subject = sampleSubject(certPath, keyPath ?? certPath, stage);
  if (keyPath === undefined) {
    const title = `The client ${name} is accepted`;
    return [isReady ? judgeAlone(title, subject) : noHandshake(title, noClientCa)];
  }
  const results: CheckResult[] = [];
  for (const version of tlsVersions) {
    const title = `The client ${name} is accepted on TLS ${version}`;
    results.push(
      rehearsal && isReady
        ? await shakeHands({ title, version, certPath, keyPath, subject }, stage, rehearsal)
        : noHandshake(title, isReady ? noListener : noClientCa),
    );
  }
  return results;
}

const noClientCa = 'The client CA does not load: no gateway starts with it.';

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
  stage: Stage,
  rehearsal: Rehearsal,
): Promise<CheckResult> {
  const { caPath, credential: server } = stage.config;
  const anchors = caPath ?? server.certPath;
  const files = { certPath, keyPath, ...(anchors !== undefined && { caPath: anchors }) };
  rehearsal.takeVerdicts();
  const evidence = await lookAt(rehearsal, { version, ...files }, stage);
  const [verdict] = rehearsal.takeVerdicts();
  return verdict
    ? judgeRehearsed(title, verdict, subject, evidence)
    : judgeHandshake(title, evidence, diagnose(evidence));
}
