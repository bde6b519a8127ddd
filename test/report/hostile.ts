/** A report in which everything that is free text is an attack: on HTML, on a terminal, on a layout. */
import type { Report } from '../../src/report/report.ts';
import { corpus } from './corpus.ts';

export const attack =
  '</script></style><script>alert(1)</script><img src=x onerror="alert(2)">\'"&lt;\u001b[2J\u202e\r\n]]>--><!--';
const long = 'x'.repeat(300);

/** Values of these keys are of a fixed set, or are what other tools read: everything else is free. */
const fixed = new Set([
  ...['schema', 'id', 'runId', 'time', 'outcome', 'layer', 'side', 'confidence', 'level', 'reason'],
  ...['direction', 'notBefore', 'notAfter', 'lastAcceptedAt', 'failingSince', 'event', 'how', 'by'],
  ...[
    'sha256',
    'spkiSha256',
    'serialNumber',
    'changed',
    'ja3',
    'content',
    'certificateAuthoritiesSha256',
  ],
]);

function attacked(value: unknown, key: string, steps: boolean): unknown {
  if (Array.isArray(value)) return value.map((each) => attacked(each, key, key === 'steps'));
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([name, each]) => [
        name,
        steps && name === 'name' ? each : attacked(each, name, false),
      ]),
    );
  }
  if (typeof value !== 'string' || fixed.has(key)) return value;
  return key === 'code' ? `${value}${attack}` : `${attack} ${long}`;
}

export const hostileReport = attacked(
  {
    ...corpus['client-ca-changed'],
    alternatives: [{ code: 'x', confidence: 'likely' }],
    warnings: [{ code: 'x', title: 'x', evidence: 'x' }],
    http: { status: 200, server: 'x' },
    proxy: { status: 200, via: 'x' },
    preflight: corpus['new-credential-broken']?.preflight,
    delegateView: { outcome: 'failed', because: 'x' },
    delegate: { trustStore: { file: { path: 'x' } }, differences: [{ setting: 'x', ours: 'x' }] },
    experiments: corpus['experimented']?.experiments,
  },
  '',
  false,
) as Report;
