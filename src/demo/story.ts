/** The story that the demo tells, act by act; each waits for what the agent really reports. */
import type { Agent } from '../agent/agent.ts';
import type { Clock } from '../base/clock.ts';
import { listReports } from '../home/list-reports.ts';
import type { Report } from '../report/report.ts';
import type { DemoCertificates } from './certificates.ts';
import type { Gateway } from './gateway.ts';
import type { ReportFeed } from './report-feed.ts';
import type { Timeline } from './timeline.ts';

export interface Scene {
  readonly timeline: Timeline;
  readonly certificates: DemoCertificates;
  readonly gateway: Gateway;
  readonly agent: Agent;
  readonly feed: ReportFeed;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

const expected = { code: 'gateway-client-ca-changed', side: 'gateway' };

/** True when all came as it should: accepted, the gateway blamed for its change, recovered, every report at home. */
export async function tellIncident(scene: Scene, homeDataDir: string): Promise<boolean> {
  const { feed, agent, gateway, certificates, signal, timeline } = scene;
  timeline.act('An ordinary morning');
  introduce(scene);
  agent.probeNow();
  const good = await feed.next('accepted', signal);
  if (!good) return fall(timeline);
  timeline.say('agent', 'the gateway accepts the delegate', ...acceptance(good));

  timeline.act('A secret is rotated with a wrong value');
  gateway.useClientCa(certificates.wrongCa.certPem);
  timeline.say('vendor', `the gateway's client CA is now "${certificates.wrongCa.subject}"`);
  const bad = await feed.next('rejected', signal);
  if (!bad) return fall(timeline);
  timeline.say('agent', 'the gateway refuses the delegate', ...refusal(bad));

  timeline.act('The rotation is rolled back');
  gateway.useClientCa(certificates.delegateCa.certPem);
  timeline.say('vendor', `the gateway's client CA is "${certificates.delegateCa.subject}" again`);
  timeline.say('agent', 'is asked to look at once (SIGUSR2 does that)');
  agent.probeNow();
  const recovered = await feed.next('accepted', signal);
  if (!recovered) return fall(timeline);
  timeline.say('agent', 'the gateway accepts the delegate again', ...recovery(bad, recovered));

  timeline.act('At home');
  const reports = [good, bad, recovered];
  const isHome = await arrive(scene, homeDataDir, reports);
  if (!isHome) return fall(timeline);
  const { cause } = bad;
  const asExpected = cause?.code === expected.code && cause.side === expected.side;
  timeline.act(
    asExpected ? moral : 'The agent blamed somebody else than the gateway: this is a defect.',
  );
  return asExpected;
}

const moral = `That was the incident of a wrong client CA. Try it on a gateway of yours:
  sidelight check https://gateway.example:8443 --cert client.crt --key client.key`;

function introduce({ timeline, gateway, certificates }: Scene): void {
  const { server, delegateCa } = certificates;
  timeline.say(
    'gateway',
    `listens on 127.0.0.1:${gateway.port} and demands mutual TLS`,
    `its certificate  ${server.subject}`,
    `its client CA    ${delegateCa.subject}`,
  );
  timeline.say('home', 'receives reports over HTTPS');
  timeline.say('agent', 'looks every second, as delegate-1');
}

function acceptance(report: Report): readonly string[] {
  const { tls, http, clientCertificate } = report;
  return [
    `proven by       HTTP ${http?.status} over TLS ${tls?.version}, ${tls?.cipherSuite}`,
    `it presented    ${tls?.serverCertificates?.[0]?.sha256}`,
    `we presented    ${clientCertificate?.sha256}`,
    `CAs it named    ${tls?.certificateAuthorities?.join('; ')}`,
  ];
}

function refusal(report: Report): readonly string[] {
  const { cause, alerts, tls, lastAcceptedAt } = report;
  const alert = alerts.find(({ direction }) => direction === 'received');
  const kind = alert?.encrypted ? 'encrypted' : 'in clear';
  return [
    `alert           ${alert?.code} ${alert?.description}, ${alert?.level}, received, ${kind}`,
    `it presented    ${tls?.serverCertificates?.[0]?.sha256}`,
    `CAs it names    ${tls?.certificateAuthorities?.join('; ')}`,
    `last accepted   ${lastAcceptedAt}`,
    `cause           ${cause?.code} (${cause?.confidence})`,
    `who must act    the ${cause?.side}`,
    `next            ${cause?.remedy}`,
    ...(cause?.evidence ?? []).map((fact) => `- ${fact}`),
  ];
}

function recovery(bad: Report, { time }: Report): readonly string[] {
  return [`refused since   ${bad.attempt.failingSince ?? bad.time}`, `accepted at     ${time}`];
}

/** Home has every report the story told of. */
async function arrive(scene: Scene, dataDir: string, reports: readonly Report[]): Promise<boolean> {
  const { clock, signal, timeline } = scene;
  const wanted = new Set(reports.map(({ id }) => id));
  for (let tries = 0; tries < 100 && !signal.aborted; tries += 1) {
    const stored = [...listReports(dataDir)].filter(({ id }) => wanted.has(id));
    if (stored.length === wanted.size) {
      timeline.say(
        'home',
        `has all ${stored.length} reports, each once, in order of time:`,
        ...reports.map(oneLine),
      );
      return true;
    }
    await clock.sleep(100, signal);
  }
  return false;
}

function oneLine({ time, outcome, cause }: Report): string {
  return `${time}  ${outcome.padEnd(8)}  ${cause?.code ?? ''}`.trimEnd();
}

function fall(timeline: Timeline): false {
  timeline.act('The story broke off: what should have happened did not, in time.');
  return false;
}
