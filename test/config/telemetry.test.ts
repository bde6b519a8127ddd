/** Where events and metrics go besides: which receivers and addresses are taken, and what is said of the others. */
import { expect, test } from 'vitest';
import { load, problemsOf } from './load.ts';

const run = { command: 'run' } as const;

test.for([
  ['udp://logs', { protocol: 'udp', host: 'logs', port: 514 }],
  ['tcp://10.0.0.1:1514', { protocol: 'tcp', host: '10.0.0.1', port: 1514 }],
  ['TLS://logs.example.com/', { protocol: 'tls', host: 'logs.example.com', port: 6514 }],
  ['tls://[2001:db8::1]', { protocol: 'tls', host: '2001:db8::1', port: 6514 }],
] as const)('%s is a syslog receiver', ([syslog, expected]) => {
  expect(load({ ...run, options: { syslog } }).syslog).toEqual(expected);
});

test.for([
  'logs:514',
  'https://logs',
  'udp://',
  'udp://logs:0',
  'udp://logs:70000',
  'udp://[10.0.0.1]',
  'tls://user@logs',
  'tls://logs/path',
])('%s is none', (syslog) => {
  expect(problemsOf({ ...run, options: { syslog } })).toEqual([
    expect.stringMatching(/^--syslog: .* \(udp:\/\/HOST\[:514\], tcp:/),
  ]);
});

test.for([
  ['9464', { host: '127.0.0.1', port: 9464 }],
  ['0.0.0.0:9464', { host: '0.0.0.0', port: 9464 }],
  ['[::1]:9464', { host: '::1', port: 9464 }],
] as const)('metrics at %s', ([metrics, expected]) => {
  expect(load({ ...run, options: { metrics } }).metrics).toEqual(expected);
});

test('without a word no port is open and nothing is written', () => {
  const { metrics, metricsTextfile, syslog } = load(run);
  expect([metrics, metricsTextfile, syslog]).toEqual([undefined, undefined, undefined]);
});

test('files for TLS stand beside a receiver that speaks it, in pairs', () => {
  const files = { c: '', k: '' };
  const options = { syslog: 'tcp://logs', syslogCert: 'c' };
  expect(problemsOf({ ...run, files, options })).toEqual([
    '--syslog-cert: is given without --syslog-key (--syslog-key FILE beside --syslog-cert; the same file where it holds both)',
    expect.stringContaining('--syslog-cert: "c" holds no PEM certificate'),
    '--syslog-cert: is given, and the receiver speaks no TLS (--syslog tls://HOST[:PORT] beside it)',
  ]);
  expect(problemsOf({ ...run, files, options: { syslogCa: 'c' } })).toContain(
    '--syslog-ca: is given without a receiver (--syslog tls://HOST[:PORT] beside it)',
  );
});

test('node_exporter reads only files that end with .prom', () => {
  expect(problemsOf({ ...run, options: { metricsTextfile: 'metrics.txt' } })).toEqual([
    '--metrics-textfile: does not end with .prom (a name that node_exporter reads)',
  ]);
});
