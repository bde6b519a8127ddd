/** What was seen as pairs of a name and a value, for every layout that a person reads. */
import { decisiveAlert } from '../diagnosis/reading.ts';
import { plural } from '../diagnosis/time.ts';
import type { DelegateSeen, FileSeen, HttpSeen, NotTlsSeen, Step } from '../evidence/evidence.ts';
import type { Report } from '../report/report.ts';
import { codeInWords, contentInWords, endingInWords, reasonInWords, timeInWords } from './words.ts';

export interface Fact {
  readonly name: string;
  readonly value: string;
}

type Maybe = readonly [name: string, value: string | undefined];

function known(facts: readonly Maybe[]): readonly Fact[] {
  return facts.flatMap(([name, value]) => (value === undefined ? [] : [{ name, value }]));
}

function yesOrNo(value: boolean | undefined): string | undefined {
  return value === undefined ? undefined : value ? 'yes' : 'no';
}

/** Why a step failed or was skipped, and the addresses that it concerns. */
export function stepInWords(step: Step, report: Report): string {
  const { name, outcome, reason, addresses, address, failedAddresses = [] } = step;
  const alert = name === 'tls' && outcome === 'failed' ? decisiveAlert(report) : undefined;
  const told = failedAddresses.length > 0 && address === undefined;
  const facts = [
    ...(alert
      ? [`alert ${alert.code} (${alert.description}) ${alert.direction}`]
      : told
        ? []
        : errorOf(step)),
    ...(reason ? [reasonInWords(reason)] : []),
    ...(addresses?.length ? [addresses.join(' ')] : []),
    ...(address === undefined ? [] : [address]),
    ...failedAddresses.map((each) => `${each.address}: ${codeInWords(each.code)}`),
  ];
  return facts.join(', ');
}

function errorOf({ error }: Step): readonly string[] {
  return error ? [codeInWords(error.code)] : [];
}

export function tlsFacts({ tls }: Report): readonly Fact[] {
  if (!tls) return [];
  const trusted = yesOrNo(tls.serverAuthorized);
  const because = tls.serverAuthorizationError;
  const named = tls.certificateAuthorities;
  return known([
    ['version', tls.version],
    ['cipher suite', tls.cipherSuite],
    ['group', tls.group],
    ['application protocol', tls.alpn],
    ['server trusted', trusted && because ? `${trusted}, ${because}` : trusted],
    ['certificate requested', yesOrNo(tls.clientCertificateRequested)],
    ['certificate sent', yesOrNo(tls.clientCertificateSent)],
    ['authorities named', named && (named.join('; ') || 'none')],
    ['stapled OCSP', tls.ocsp && (tls.ocsp.certificateStatus ?? tls.ocsp.responseStatus)],
    [
      'our ClientHello',
      tls.clientHello && `${tls.clientHello.sizeBytes} octets, JA4 ${tls.clientHello.ja4}`,
    ],
    ['spoken in place of it', tls.notTls && notTlsInWords(tls.notTls)],
    ['ended', tls.ended && endingInWords(tls.ended)],
  ]);
}

/** The first line of what came, without its line end. */
function notTlsInWords({ protocol, excerptText }: NotTlsSeen): string {
  const [line = ''] = excerptText.split(/\\u000[ad]/);
  const name = protocol === 'unknown' ? 'no protocol that is known' : protocol;
  return line === '' ? name : `${name}: ${line}`;
}

export function credentialFacts({ credential }: Report): readonly Fact[] {
  const { certificateFile, keyFile, passphraseFile, caFile } = credential;
  return known([
    ['certificate file', certificateFile && fileInWords(certificateFile)],
    ['key file', keyFile && fileInWords(keyFile)],
    ['passphrase file', passphraseFile && fileInWords(passphraseFile)],
    ['trust anchors', caFile && fileInWords(caFile)],
    ['key belongs to it', yesOrNo(credential.keyMatchesCertificate)],
    ['load error', credential.loadError],
  ]);
}

function fileInWords({ path, mode, error, content }: FileSeen): string {
  const facts = [
    path,
    mode && `mode ${mode}`,
    error && codeInWords(error),
    content && contentInWords(content),
  ];
  return facts.filter(Boolean).join(', ');
}

export function answerFacts({ proxy, http, websocket }: Report): readonly Fact[] {
  const upgrade = websocket?.status;
  return known([
    ['proxy', proxy?.status === undefined ? undefined : `HTTP ${proxy.status} to CONNECT`],
    ['http', http && httpInWords(http)],
    ['websocket', upgrade === undefined ? undefined : `HTTP ${upgrade} to the upgrade`],
    ['websocket closed', websocket && closeInWords(websocket)],
  ]);
}

function httpInWords(http: HttpSeen): string | undefined {
  const { status, server, body, locationOrigin, retryAfterMs } = http;
  const facts = [
    status !== undefined && `HTTP ${status}`,
    server && `server ${server}`,
    body,
    locationOrigin && `to ${locationOrigin}`,
    retryAfterMs !== undefined && `retry after ${retryAfterMs / 1000} s`,
  ];
  return facts.filter(Boolean).join(', ') || undefined;
}

function closeInWords({
  closeCode,
  closeReason,
}: NonNullable<Report['websocket']>): string | undefined {
  if (closeCode === undefined) return undefined;
  return closeReason ? `code ${closeCode}, ${closeReason}` : `code ${closeCode}`;
}

/** The delegate's own rules and settings, as far as they differ or decide. */
export function delegateFacts({ delegate }: Report): readonly Fact[] {
  if (!delegate) return [];
  const { trustStore, trustsServer, distrust, trustsAll, fips, startedAt } = delegate;
  const trusted = yesOrNo(trustsServer);
  const { differences = [] } = delegate;
  return [
    ...known([
      ['its trust store', trustStore && storeInWords(trustStore)],
      ['verifies the server', trusted && [trusted, distrust].filter(Boolean).join(', ')],
      ['trusts every server', yesOrNo(trustsAll)],
      ['FIPS', yesOrNo(fips)],
      ['runs since', startedAt && timeInWords(startedAt)],
    ]),
    ...differences.map(({ setting, ours = 'not set', delegates = 'not set' }) => ({
      name: `differs: ${setting}`,
      value: `here ${ours}, there ${delegates}`,
    })),
  ];
}

function storeInWords(store: NonNullable<DelegateSeen['trustStore']>): string {
  const { file, format, anchors, fault } = store;
  const holds = anchors === undefined ? undefined : plural(anchors, 'anchor');
  const error = file.error && codeInWords(file.error);
  return [file.path, error, format, holds, fault].filter(Boolean).join(', ');
}

const eventInWords: Readonly<Record<NonNullable<Report['event']>, string>> = {
  'state-changed': 'a change',
  heartbeat: 'a heartbeat',
  'credential-changed': 'new files, which no look has used yet',
};

export function circumstanceFacts(report: Report): readonly Fact[] {
  const { id, time, agent, attempt, target, event, delivery } = report;
  const { failingSince, number, repeats } = attempt;
  const lost = Object.values(delivery?.lost ?? {}).reduce((sum, count) => sum + count, 0);
  const { name, account } = agent.delegate ?? {};
  return known([
    ['target', target.url],
    ['server name', target.serverName === target.host ? undefined : target.serverName],
    ['proxy', target.proxy],
    ['looked at', `${timeInWords(time)} (${time})`],
    ['from', `${agent.host}, ${agent.name} ${agent.version}`],
    ['delegate', name],
    ['account', account],
    ['attempt', `${number}${repeats > 0 ? `, ${repeats} alike before it` : ''}`],
    [
      'failing since',
      failingSince && failingSince !== time ? timeInWords(failingSince) : undefined,
    ],
    ['written because of', event && eventInWords[event]],
    ['waiting for home', delivery && `${delivery.waiting}, lost for good ${lost}`],
    ['report', id],
  ]);
}
