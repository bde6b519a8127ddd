/**
 * What every format for machines says of a report, drawn from it once. Addresses, hex and times are what they claim
 * to be; other strings may hold anything, for a report may have been read from a file, and are made safe where they
 * are written.
 */
import { decisiveAlert, failedStep, isHandshakeComplete } from '../../diagnosis/reading.ts';
import type { AlertSeen, FileSeen, StepName } from '../../evidence/evidence.ts';
import { stepNames } from '../../evidence/evidence.ts';
import { type EventCode, type EventEntry, eventCodeOf, events } from '../../report/event.ts';
import { plainUrl } from '../../report/redact.ts';
import type { Report } from '../../report/report.ts';
import { type CertificateFacts, certificateFacts, timeMs } from './certificate-facts.ts';
import { eventMessage } from './event-message.ts';
import { addressesIn } from './ip-address.ts';

export interface Facts {
  readonly report: Report;
  readonly code: EventCode;
  readonly entry: EventEntry;
  /** One line in words. */
  readonly message: string;
  /** Milliseconds since 1970. */
  readonly timeMs: number;
  /** Of all steps together. */
  readonly durationMs: number;
  readonly isAccepted: boolean;
  /** Of the look, whatever the event. */
  readonly result: 'success' | 'failure' | 'unknown';
  /** The host of the target where it is a name. */
  readonly hostName: string | undefined;
  /** The gateway's address where it is known: behind a proxy it seldom is. */
  readonly address: string | undefined;
  readonly url: UrlFacts;
  readonly proxyUrl: string | undefined;
  readonly alert: AlertSeen | undefined;
  /** Of the step that failed, of a file, or of the server's verification. */
  readonly errorCode: string | undefined;
  /** Of HTTP, or of the upgrade where that is asked for alone. */
  readonly httpStatus: number | undefined;
  readonly server: CertificateFacts | undefined;
  /** As configured. */
  readonly client: CertificateFacts | undefined;
  /** Whether the gateway got the client certificate to see. */
  readonly isClientSent: boolean;
  readonly isEstablished: boolean;
  /** The own file that is at fault. */
  readonly faultyFile: FileSeen | undefined;
}

export interface UrlFacts {
  /** Without userinfo, query and fragment. */
  readonly full: string;
  readonly scheme?: string;
  readonly path?: string;
}

export function factsOf(report: Report): Facts {
  const { target, steps, tls, clientCertificate, http, websocket, outcome } = report;
  const code = eventCodeOf(report);
  const leaf = tls?.serverCertificates?.[0];
  const faultyFile = report.layer === 'local' ? faultIn(report) : undefined;
  const isAccepted = outcome === 'accepted';
  return {
    report,
    code,
    entry: events[code],
    message: eventMessage(report, code),
    timeMs: timeMs(report.time) ?? 0,
    durationMs: steps.reduce((sum, { durationMs = 0 }) => sum + durationMs, 0),
    isAccepted,
    result: isAccepted ? 'success' : outcome === 'unconfirmed' ? 'unknown' : 'failure',
    hostName: addressesIn([target.host]).length > 0 ? undefined : target.host,
    address: addressOf(report),
    url: urlFacts(target.url),
    proxyUrl: target.proxy === undefined ? undefined : plainUrl(target.proxy),
    alert: decisiveAlert(report),
    errorCode: isAccepted ? undefined : errorCodeOf(report, faultyFile),
    httpStatus: http?.status ?? websocket?.status,
    server: leaf && certificateFacts(leaf),
    client: clientCertificate && certificateFacts(clientCertificate),
    isClientSent: isClientSent(report),
    isEstablished: isHandshakeComplete(report),
    faultyFile,
  };
}

function addressOf({ target, steps }: Report): string | undefined {
  const dialled = steps.find(({ name }) => name === 'tcp')?.address;
  const direct = target.proxy === undefined ? dialled : undefined;
  return addressesIn([target.address, direct, target.host])[0];
}

function urlFacts(url: string): UrlFacts {
  const full = plainUrl(url);
  const parsed = URL.parse(full);
  return {
    full,
    ...(parsed && { scheme: parsed.protocol.replace(':', ''), path: parsed.pathname }),
  };
}

function isClientSent({ tls, clientCertificate }: Report): boolean {
  const sent = tls?.clientCertificateSha256 ?? clientCertificate?.sha256;
  return tls?.clientCertificateSent === true && sent === clientCertificate?.sha256;
}

function errorCodeOf(report: Report, file: FileSeen | undefined): string | undefined {
  const { layer, tls, credential } = report;
  if (layer === 'local') return file?.error ?? file?.content ?? credential.loadError;
  const step = stepNames.find((name) => name === layer);
  return codeOfStep(report, step) ?? tls?.serverAuthorizationError;
}

function codeOfStep(report: Report, name: StepName | undefined): string | undefined {
  return name && failedStep(report, name)?.error?.code;
}

function faultIn({ credential }: Report): FileSeen | undefined {
  const { certificateFile, keyFile, passphraseFile, caFile } = credential;
  const files = [certificateFile, keyFile, passphraseFile, caFile];
  return (
    files.find((file) => file?.error !== undefined || file?.content !== undefined) ??
    certificateFile
  );
}
