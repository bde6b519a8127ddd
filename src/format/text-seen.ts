/** The parts of the text that say what was seen. */
import type { AlertSeen, CertificateSeen, HttpSeen, Step } from '../evidence/evidence.ts';
import type { Report } from '../report/report.ts';
import type { Paint, Style } from './paint.ts';
import { wrap } from './paragraph.ts';

const stepStyle: Readonly<Record<Step['outcome'], Style>> = {
  passed: 'green',
  failed: 'red',
  skipped: 'dim',
};

export function stepLines({ steps }: Report, paint: Paint): readonly string[] {
  return steps.flatMap((step) => {
    const duration = step.durationMs === undefined ? '' : `${step.durationMs.toFixed(1)} ms`;
    const label = `  ${step.name.padEnd(10)}${step.outcome.padEnd(8)}${duration.padStart(12)}  `;
    const [first = label, ...rest] = wrap(stepFacts(step), label, ' '.repeat(label.length));
    // Painted after wrapping: escape sequences have no width.
    return [
      first.replace(step.outcome, (word) => paint(stepStyle[step.outcome], word)),
      ...rest,
    ].map((line) => line.trimEnd());
  });
}

function stepFacts(step: Step): string {
  const { error, reason, addresses, address, failedAddresses = [] } = step;
  const call = error?.syscall === undefined ? '' : ` in ${error.syscall}`;
  const facts = [
    ...(error ? [`${error.code}${call}`] : []),
    ...(reason ? [reason] : []),
    ...(addresses?.length ? [addresses.join(' ')] : []),
    ...(address === undefined ? [] : [address]),
    ...failedAddresses.map((each) => `${each.address} ${each.code}`),
  ];
  return facts.join(', ');
}

type Fact = readonly [name: string, value: string | undefined];

export function factLines(facts: readonly Fact[]): readonly string[] {
  return facts.flatMap(([name, value]) =>
    value === undefined ? [] : wrap(value, `  ${name.padEnd(22)}`, ' '.repeat(24)),
  );
}

export function asYesOrNo(value: boolean | undefined): string | undefined {
  return value === undefined ? undefined : value ? 'yes' : 'no';
}

export function tlsLines({ tls }: Report): readonly string[] {
  if (!tls) return [];
  const trusted = asYesOrNo(tls.serverAuthorized);
  const because = tls.serverAuthorizationError;
  const named = tls.certificateAuthorities;
  return factLines([
    ['version', tls.version],
    ['cipher suite', tls.cipherSuite],
    ['group', tls.group],
    ['application protocol', tls.alpn],
    ['server trusted', trusted && because ? `${trusted}, ${because}` : trusted],
    ['certificate requested', asYesOrNo(tls.clientCertificateRequested)],
    ['certificate sent', asYesOrNo(tls.clientCertificateSent)],
    ['authorities named', named && (named.join('; ') || 'none')],
    ['stapled OCSP', tls.ocsp && (tls.ocsp.certificateStatus ?? tls.ocsp.responseStatus)],
    [
      'our ClientHello',
      tls.clientHello && `${tls.clientHello.sizeBytes} octets, JA4 ${tls.clientHello.ja4}`,
    ],
    ['spoken in place of it', tls.notTls && `${tls.notTls.protocol}: ${tls.notTls.excerptText}`],
    [
      'ended',
      tls.ended && `by ${tls.ended.by}, ${tls.ended.how}, at ${tls.ended.atMs.toFixed(1)} ms`,
    ],
  ]);
}

export function alertLines({ alerts }: Report): readonly string[] {
  return alerts.flatMap((alert) => wrap(alertInWords(alert), '  ', '    '));
}

function alertInWords(alert: AlertSeen): string {
  const { direction, level, description, code, encrypted, afterFinished, atMs } = alert;
  const where = afterFinished ? 'after our Finished' : 'before our Finished';
  const how = encrypted ? 'encrypted' : 'in clear';
  return `${direction} ${level} ${description} (${code}), ${how}, ${where}, at ${atMs.toFixed(1)} ms`;
}

export function serverLines({ tls }: Report): readonly string[] {
  return (tls?.serverCertificates ?? []).flatMap((certificate, index) =>
    certificateLines(certificate, `${index + 1}`),
  );
}

function certificateLines(certificate: CertificateSeen, label: string): readonly string[] {
  const {
    subject = 'does not parse',
    issuer,
    notBefore,
    notAfter,
    subjectAltNames = [],
  } = certificate;
  const indent = `  ${' '.repeat(label.length)} `;
  return [
    ...wrap(subject || 'no subject', `  ${label} `, indent),
    ...(issuer === undefined ? [] : wrap(`issued by ${issuer}`, indent)),
    ...(notAfter === undefined ? [] : wrap(`valid ${notBefore} to ${notAfter}`, indent)),
    ...(subjectAltNames.length > 0 ? wrap(subjectAltNames.join(' '), indent) : []),
    ...wrap(`SHA-256 ${certificate.sha256}`, indent),
  ];
}

export function presentedLines({ clientCertificate, credential }: Report): readonly string[] {
  const { certificateFile, keyFile } = credential;
  if (!clientCertificate && !certificateFile)
    return ['  nothing: no client certificate is configured'];
  return [
    ...(clientCertificate ? certificateLines(clientCertificate, '1') : []),
    ...factLines([
      ['certificate file', certificateFile && fileInWords(certificateFile)],
      ['key file', keyFile && fileInWords(keyFile)],
      ['key belongs to it', asYesOrNo(credential.keyMatchesCertificate)],
      ['load error', credential.loadError],
    ]),
  ];
}

type File = NonNullable<Report['credential']['keyFile']>;

function fileInWords({ path, mode, error, content }: File): string {
  return [path, mode && `mode ${mode}`, error, content].filter(Boolean).join(', ');
}

export function answerLines({ proxy, http, websocket }: Report): readonly string[] {
  return factLines([
    ['proxy', proxy?.status === undefined ? undefined : `HTTP ${proxy.status} to CONNECT`],
    ['http', http && httpInWords(http)],
    ['websocket', websocket?.status === undefined ? undefined : `HTTP ${websocket.status}`],
    ['websocket closed', websocket?.closeCode === undefined ? undefined : `${websocket.closeCode}`],
  ]);
}

function httpInWords({ status, server, body, locationOrigin, retryAfterMs }: HttpSeen): string {
  const facts = [
    status === undefined ? 'no status' : `HTTP ${status}`,
    server && `server ${server}`,
    body,
    locationOrigin && `to ${locationOrigin}`,
    retryAfterMs !== undefined && `retry after ${retryAfterMs / 1000} s`,
  ];
  return facts.filter(Boolean).join(', ');
}
