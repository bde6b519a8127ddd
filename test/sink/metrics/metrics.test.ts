/** What is measured: read from looks, forgotten with them, and never more than one series a fact. */
import { expect, test } from 'vitest';
import type { AgentState } from '../../../src/sink/metrics/agent-metrics.ts';
import type { Look } from '../../../src/sink/metrics/metric.ts';
import { metricNames, openMetrics } from '../../../src/sink/metrics/metrics.ts';
import { targetLabel } from '../../../src/sink/metrics/target-label.ts';
import { corpus } from '../../report/corpus.ts';

const state: Omit<AgentState, 'targets'> = {
  version: '1.2.3',
  startedAtMs: 1_795_442_400_000,
  eventsDropped: { stdout: 0 },
};

async function textAfter(looks: readonly Look[], agent = state): Promise<string> {
  const metrics = await openMetrics(() => agent);
  for (const look of looks) metrics.looked(look, 3);
  return metrics.text();
}

/** Series with their values, without comments. */
function samplesIn(text: string): ReadonlyMap<string, string> {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  const samples = lines.map((line) => {
    const at = line.lastIndexOf(' ');
    return [line.slice(0, at), line.slice(at + 1)] as const;
  });
  expect(new Set(samples.map(([series]) => series)).size).toBe(samples.length);
  return new Map(samples);
}

const target = 'target="https://gateway.example:8443/"';
const accepted = corpus['accepted'] as Look;
const expired = corpus['expired'] as Look;
const changedCa = corpus['client-ca-changed'] as Look;

test('an accepted look, by the names that others know', async () => {
  const samples = samplesIn(await textAfter([accepted]));
  expect(samples.get(`probe_success{${target}}`)).toBe('1');
  expect(samples.get(`probe_http_status_code{${target}}`)).toBe('200');
  expect(samples.get(`probe_ip_protocol{${target}}`)).toBe('4');
  expect(samples.get(`probe_tls_version_info{${target},version="TLS 1.3"}`)).toBe('1');
  expect(samples.get(`probe_http_duration_seconds{${target},phase="tls"}`)).toMatch(/^0\.0/);
  expect(samples.get(`probe_ssl_earliest_cert_expiry{${target}}`)).toBe(
    `${Date.parse(accepted.tls?.serverCertificates?.[0]?.notAfter ?? '') / 1000}`,
  );
  expect(samples.has(`probe_websocket_connection_upgraded{${target}}`)).toBe(false);
  expect(samples.get(`sidelight_outcome_info{${target},outcome="accepted",layer=""}`)).toBe('1');
  expect(samples.get(`sidelight_last_acceptance_timestamp_seconds{${target}}`)).toBe(
    `${Date.parse(accepted.time) / 1000}`,
  );
  expect(samples.get(`sidelight_certificate_authorities{${target}}`)).toBe('1');
  expect(samples.get('sidelight_build_info{version="1.2.3"}')).toBe('1');
  expect(samples.get('sidelight_look_lateness_seconds_bucket{le="0.005"}')).toBe('1');
});

test('a refused look has its cause, its side and its alert, and remembers the last acceptance', async () => {
  const samples = samplesIn(await textAfter([changedCa]));
  expect(samples.get(`probe_success{${target}}`)).toBe('0');
  expect([...samples.keys()]).toContainEqual(
    expect.stringMatching(
      /^sidelight_cause_info\{.*,cause="gateway-client-ca-changed",side="gateway"/,
    ),
  );
  const alert = `${target},direction="received",code="48",description="unknown_ca"`;
  expect(samples.get(`sidelight_alert_info{${alert}}`)).toBe('1');
  expect(samples.get(`sidelight_alerts_total{${alert}}`)).toBe('1');
  expect(samples.get(`sidelight_last_acceptance_timestamp_seconds{${target}}`)).toBe(
    `${Date.parse(changedCa.lastAcceptedAt ?? '') / 1000}`,
  );
});

test('counts grow and states are replaced', async () => {
  const samples = samplesIn(await textAfter([changedCa, changedCa, expired, accepted]));
  expect(samples.get(`sidelight_looks_total{${target},outcome="rejected"}`)).toBe('3');
  expect(samples.get(`sidelight_looks_total{${target},outcome="accepted"}`)).toBe('1');
  const series = [...samples.keys()].join('\n');
  expect(series).toMatch(/^sidelight_alerts_total\{.*code="48"/m);
  expect(series).not.toMatch(/^sidelight_(?:cause|alert)_info/m);
  expect(series.match(/^sidelight_outcome_info/gm)).toHaveLength(1);
});

test('close_notify is no alert to count', async () => {
  const close = { direction: 'received', level: 'warning', description: 'close_notify', code: 0 };
  const seen = {
    ...close,
    encrypted: true,
    afterFinished: true,
    atMs: 9,
  } as Look['alerts'][number];
  const text = await textAfter([{ ...accepted, alerts: [seen] }]);
  expect(text).not.toContain('close_notify"');
});

test('a target that is no longer watched is forgotten, and readiness waits for every other', async () => {
  const metrics = await openMetrics(() => state);
  const other = { ...accepted, target: { ...accepted.target, url: 'https://other.example/' } };
  const labels = [accepted, other].map((look) => targetLabel(look.target));
  expect(metrics.isComplete()).toBe(false);
  metrics.watching(new Set(labels));
  metrics.looked(accepted, 0);
  expect(metrics.isComplete()).toBe(false);
  metrics.looked(other, 0);
  expect(metrics.isComplete()).toBe(true);
  expect(await metrics.text()).toContain(`probe_success{target="${labels[1]}"}`);
  metrics.watching(new Set(labels.slice(0, 1)));
  metrics.looked(other, 0);
  expect(await metrics.text()).not.toContain(`${labels[1]}`);
  expect(await metrics.text()).toContain('sidelight_targets 1');
});

test('the way home and its losses stand there only where there is a home', async () => {
  const delivery = { waiting: 4, lost: { age: 1, size: 0, rejected: 2 } };
  const samples = samplesIn(await textAfter([], { ...state, delivery }));
  expect(samples.get('sidelight_spool_reports')).toBe('4');
  expect(samples.get('sidelight_reports_lost_total{reason="rejected"}')).toBe('2');
  expect(await textAfter([])).not.toMatch(/^sidelight_(?:spool|reports_lost_total)\S* /m);
});

test('what a peer put into names is bounded and cannot break a line', async () => {
  const leaf = accepted.tls?.serverCertificates?.[0];
  const hostile = `CN="}\n\\fake_metric 1\n${'x'.repeat(5_000)}`;
  const names = Array.from({ length: 500 }, (_, n) => `CN=${n}`);
  const tls = {
    ...accepted.tls,
    serverCertificates: [{ ...leaf, subject: hostile, subjectAltNames: names }],
    certificateAuthorities: [...names, hostile],
  } as unknown as NonNullable<Look['tls']>;
  const text = await textAfter([{ ...accepted, tls }]);
  expect(text).not.toMatch(/^\\?fake_metric/m);
  const lines = text.split('\n');
  expect(Math.max(...lines.map(({ length }) => length))).toBeLessThan(3_000);
  expect(
    lines.filter((line) => line.startsWith('sidelight_certificate_authority_info{')),
  ).toHaveLength(64);
});

test('targets that differ in more than the URL have labels of their own', () => {
  const url = 'https://gw/';
  expect(targetLabel({ url, host: 'gw', serverName: 'gw' })).toBe('https://gw/');
  expect(targetLabel({ url, host: 'gw', serverName: 'x' })).toBe('https://gw/ x');
  expect(targetLabel({ url, host: 'gw', address: '10.0.0.1' })).toBe('https://gw/ 10.0.0.1');
});

test.for(Object.entries(corpus))(
  '%s: every value is a number, under a name of the list',
  async ([, report]) => {
    for (const [series, value] of samplesIn(await textAfter([report as Look]))) {
      expect(Number.isFinite(Number(value)), series).toBe(true);
      const name = series
        .replace(/\{.*$/s, '')
        .replace(/(?<=lateness_seconds)_(?:bucket|sum|count)$/, '');
      expect(metricNames).toContain(name);
    }
  },
);
