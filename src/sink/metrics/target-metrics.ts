/** What has no name elsewhere: outcome and cause, alerts, certificates of both sides, authorities, acceptance. */
import { parseTime } from '../../base/clock.ts';
import { bounded, fact, type Look, type Metric, type Sample, sample, truth } from './metric.ts';

/** More than any gateway names in earnest. */
const maxAuthorities = 64;

export const targetMetrics: readonly Metric<Look>[] = [
  {
    name: 'sidelight_outcome_info',
    kind: 'gauge',
    help: 'What the last look came to: accepted, rejected, unconfirmed or failed, and the layer at which it stopped.',
    labels: ['outcome', 'layer'],
    read: ({ outcome, layer }) => [fact({ outcome, layer: layer ?? '' })],
  },
  {
    name: 'sidelight_cause_info',
    kind: 'gauge',
    help: 'Why the last look was not accepted, and which side must act; absent when it was, or no cause is known.',
    labels: ['cause', 'side', 'confidence'],
    read: ({ cause }) =>
      cause ? [fact({ cause: cause.code, side: cause.side, confidence: cause.confidence })] : [],
  },
  {
    name: 'sidelight_warning_info',
    kind: 'gauge',
    help: 'What to mind although it is not why the last look failed, or although it was accepted.',
    labels: ['warning'],
    read: ({ warnings }) =>
      [...new Set(warnings.map(({ code }) => code))].map((warning) => fact({ warning })),
  },
  {
    name: 'sidelight_alert_info',
    kind: 'gauge',
    help: 'An alert of the last look, other than close_notify.',
    labels: ['direction', 'code', 'description'],
    read: alertFacts,
  },
  {
    name: 'sidelight_step_duration_seconds',
    kind: 'gauge',
    help: 'How long each step of the last look took; steps that did not happen are absent.',
    labels: ['step'],
    read: ({ steps }) =>
      steps.flatMap(({ name, durationMs }) =>
        durationMs === undefined ? [] : [{ value: durationMs / 1000, labels: { step: name } }],
      ),
  },
  {
    name: 'sidelight_last_look_timestamp_seconds',
    kind: 'gauge',
    help: 'When the last look began.',
    read: ({ time }) => sample(secondsOf(time)),
  },
  {
    name: 'sidelight_last_acceptance_timestamp_seconds',
    kind: 'gauge',
    help: 'When the last accepted look began, also before the agent started; absent when there was none.',
    read: ({ outcome, time, lastAcceptedAt }) =>
      sample(secondsOf(outcome === 'accepted' ? time : lastAcceptedAt)),
  },
  {
    name: 'sidelight_failing_since_timestamp_seconds',
    kind: 'gauge',
    help: 'When the first of the present row of looks that were not accepted began; absent when the last one was.',
    read: ({ attempt }) => sample(secondsOf(attempt.failingSince)),
  },
  {
    name: 'sidelight_certificate_not_before_timestamp_seconds',
    kind: 'gauge',
    help: 'From when on the leaf certificate of each side is valid.',
    labels: ['side'],
    read: (look) => leavesOf(look).flatMap(([side, leaf]) => moment(side, leaf?.notBefore)),
  },
  {
    name: 'sidelight_certificate_not_after_timestamp_seconds',
    kind: 'gauge',
    help: 'Until when the leaf certificate of each side is valid.',
    labels: ['side'],
    read: (look) => leavesOf(look).flatMap(([side, leaf]) => moment(side, leaf?.notAfter)),
  },
  {
    name: 'sidelight_client_certificate_info',
    kind: 'gauge',
    help: 'The client certificate that is configured.',
    labels: ['fingerprint_sha256', 'subject', 'issuer', 'serialnumber'],
    read: ({ clientCertificate: leaf }) =>
      leaf
        ? [
            fact({
              fingerprint_sha256: leaf.sha256,
              subject: bounded(leaf.subject),
              issuer: bounded(leaf.issuer),
              serialnumber: bounded(leaf.serialNumber),
            }),
          ]
        : [],
  },
  {
    name: 'sidelight_client_certificate_requested',
    kind: 'gauge',
    help: 'Whether the gateway asked for a client certificate; absent where the handshake did not get that far.',
    read: ({ tls }) => truth(tls?.clientCertificateRequested),
  },
  {
    name: 'sidelight_server_authorized',
    kind: 'gauge',
    help: 'Whether this machine trusts the chain and the name of the gateway.',
    read: ({ tls }) => truth(tls?.serverAuthorized),
  },
  {
    name: 'sidelight_certificate_authorities',
    kind: 'gauge',
    help: 'How many authorities the certificate request named; absent without a request.',
    read: ({ tls }) => sample(tls?.certificateAuthorities?.length),
  },
  {
    name: 'sidelight_certificate_authority_info',
    kind: 'gauge',
    help: 'An authority that the certificate request named, of at most 64.',
    labels: ['authority'],
    read: ({ tls }) =>
      [...new Set((tls?.certificateAuthorities ?? []).map((name) => bounded(name)))]
        .slice(0, maxAuthorities)
        .map((authority) => fact({ authority })),
  },
];

function secondsOf(time: string | undefined): number | undefined {
  const epochMs = time === undefined ? undefined : parseTime(time);
  return epochMs === undefined ? undefined : epochMs / 1000;
}

type Leaf = { readonly notBefore?: string; readonly notAfter?: string } | undefined;

function leavesOf({ tls, clientCertificate }: Look): readonly (readonly [string, Leaf])[] {
  return [
    ['delegate', clientCertificate],
    ['gateway', tls?.serverCertificates?.[0]],
  ];
}

function moment(side: string, time: string | undefined): readonly Sample[] {
  return sample(secondsOf(time)).map(({ value }) => ({ value, labels: { side } }));
}

function alertFacts({ alerts }: Look): readonly Sample[] {
  const facts = alerts
    .filter(({ code }) => code !== 0)
    .map(({ direction, code, description }) => fact({ direction, code: `${code}`, description }));
  return [...new Map(facts.map((each) => [JSON.stringify(each.labels), each])).values()];
}
