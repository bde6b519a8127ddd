/** `sidelight demo`: the incident of a wrong client CA, replayed on loopback from a good morning to the proof of recovery. */
import { join } from 'node:path';
import { Agent } from '../agent/agent.ts';
import type { Ports } from '../agent/ports.ts';
import { uuidV7 } from '../base/random.ts';
import type { Config } from '../config/config.ts';
import { type Home, startHome } from '../home/start-home.ts';
import { type DemoCertificates, mintDemoCertificates } from './certificates.ts';
import { type Gateway, startGateway } from './gateway.ts';
import { ReportFeed } from './report-feed.ts';
import { tellIncident } from './story.ts';
import { startTimeline } from './timeline.ts';

export interface DemoOutput {
  readonly write: (text: string) => void;
  readonly colour: boolean;
}

/** Gives the exit code: 0 when everything happened as it should, else 1. Needs nothing beforehand and leaves nothing behind. */
export async function runDemo(ports: Ports, { write, colour }: DemoOutput): Promise<number> {
  const { clock, random, signal } = ports;
  const startedMs = clock.monotonicMs();
  const timeline = startTimeline(write, () => clock.monotonicMs() - startedMs, colour);
  const certificates = await mintDemoCertificates(clock, uuidV7(clock.now(), random));
  const closing: (() => Promise<void> | void)[] = [certificates.remove];
  try {
    const { server, delegateCa } = certificates;
    const { certPem, keyPem } = server;
    const gateway = await startGateway({ certPem, keyPem, clientCaPem: delegateCa.certPem });
    closing.unshift(gateway.close);
    const home = await openHome(certificates, ports);
    closing.unshift(home.close);
    const feed = new ReportFeed(clock);
    const config = configFor(gateway, home, certificates);
    const agent = new Agent(config, ports, (report) => feed.add(report));
    closing.unshift(() => agent.stop());
    const scene = { timeline, certificates, gateway, agent, feed, clock, signal };
    return (await tellIncident(scene, dataDir(certificates))) ? 0 : 1;
  } finally {
    for (const close of closing) await close();
  }
}

function dataDir({ files }: DemoCertificates): string {
  return join(files.directory, 'home');
}

function openHome(certificates: DemoCertificates, { clock }: Ports): Promise<Home> {
  const { server, files } = certificates;
  return startHome({
    listen: { host: '127.0.0.1', port: 0 },
    dataDir: dataDir(certificates),
    cert: server.certPem,
    key: server.keyPem,
    tokens: files.homeToken,
    clock,
  });
}

/** As a delegate's image would have it, but for the short interval. */
function configFor(gateway: Gateway, home: Home, { files }: DemoCertificates): Config {
  return {
    targets: [
      {
        url: new URL(`https://localhost:${gateway.port}/api/status`),
        credential: { certPath: files.cert, keyPath: files.key, caPath: files.ca },
        tls: { minVersion: '1.2', maxVersion: '1.3', alpn: ['http/1.1'] },
        address: '127.0.0.1',
      },
    ],
    timeoutMs: 5000,
    intervalMs: 1000,
    heartbeatMs: 300_000,
    experiments: true,
    stateDir: join(files.directory, 'state'),
    homes: [{ name: 'home', url: new URL(home.url), caPath: files.ca, tokenPath: files.homeToken }],
    format: 'json',
    delegate: { name: 'delegate-1' },
    origins: [],
  };
}
