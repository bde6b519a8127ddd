/** What no published schema has a field for: under `sidelight` in ECS, under `unmapped.sidelight` in OCSF. */
import type { AlertSeen, ExperimentSeen, Step } from '../../evidence/evidence.ts';
import { stepNames } from '../../evidence/evidence.ts';
import type { Lost, Report } from '../../report/report.ts';
import { certificateFacts, timeMs, timeText, upperHex } from './certificate-facts.ts';
import type { Facts } from './facts.ts';
import type { Fields } from './fields.ts';
import { valueText } from './value-text.ts';

export function sidelightFields(facts: Facts): Fields {
  const { report } = facts;
  const { agent, cause, delegateView, changes, warnings, experiments, alternatives } = report;
  return {
    schema: report.schema,
    outcome: report.outcome,
    layer: report.layer,
    delegate: { name: agent.delegate?.name, account: agent.delegate?.account },
    cause: causeFields(cause),
    alternatives: some(alternatives.map(({ code }) => code)),
    warnings: some(warnings.map(({ code, title, evidence }) => ({ code, title, evidence }))),
    changes: some(
      (changes ?? []).map(({ what, before, now }) => ({
        what,
        // One field has one type: whatever the fact is, here it is text.
        before: valueText(before),
        now: valueText(now),
      })),
    ),
    last_accepted_at: timeText(timeMs(report.lastAcceptedAt)),
    alert: facts.alert && alertFields(facts.alert),
    alerts: some(report.alerts.map(alertFields)),
    tls: tlsFields(report),
    client_certificate: clientFields(facts),
    steps: stepFields(report.steps),
    proxy: { url: facts.proxyUrl, status: report.proxy?.status },
    websocket: {
      status: report.websocket?.status,
      close_code: report.websocket?.closeCode,
      close_reason: report.websocket?.closeReason,
    },
    delegate_view: delegateView && { outcome: delegateView.outcome, because: delegateView.because },
    experiments: some((experiments ?? []).map(experimentFields)),
    preflight: preflightFields(report),
    attempt: attemptFields(report),
    delivery: deliveryFields(report),
    events_dropped: droppedFields(report),
  };
}

function causeFields(cause: Report['cause']): Fields | undefined {
  if (!cause) return undefined;
  const { code, side, confidence, evidence, remedy } = cause;
  return { code, side, confidence, evidence, remedy };
}

function some<T>(list: readonly T[]): readonly T[] | undefined {
  return list.length > 0 ? list : undefined;
}

function alertFields({ direction, level, description, code, ...seen }: AlertSeen): Fields {
  const { encrypted, afterFinished } = seen;
  return { direction, level, description, code, encrypted, after_finished: afterFinished };
}

function tlsFields({ tls }: Report): Fields | undefined {
  return (
    tls && {
      client_certificate_requested: tls.clientCertificateRequested,
      client_certificate_sent: tls.clientCertificateSent,
      certificate_authorities: tls.certificateAuthorities,
      certificate_authorities_sha256: upperHex(tls.certificateAuthoritiesSha256),
      server_authorized: tls.serverAuthorized,
      server_authorization_error: tls.serverAuthorizationError,
      server_chain_sha256: tls.serverCertificates?.flatMap(({ sha256 }) => upperHex(sha256) ?? []),
      ja4: tls.clientHello?.ja4,
      not_tls: tls.notTls?.protocol,
      ended: tls.ended && { by: tls.ended.by, how: tls.ended.how },
    }
  );
}

/** As configured, whether or not it was sent. */
function clientFields({ client, report }: Facts): Fields | undefined {
  return (
    client && {
      path: report.clientCertificate?.path,
      sha256: client.sha256,
      subject: client.subject,
      issuer: client.issuer,
      serial_number: client.serialNumber,
      not_before: client.notBefore,
      not_after: client.notAfter,
    }
  );
}

/** By the names that we know, for they become keys. */
function stepFields(steps: readonly Step[]): Fields {
  return Object.fromEntries(
    stepNames.map((name) => {
      const { outcome, reason, durationMs, error } = steps.find((step) => step.name === name) ?? {};
      const duration = durationMs === undefined ? undefined : nanoseconds(durationMs);
      return [name, { outcome, reason, duration, error_code: error?.code }];
    }),
  );
}

export function nanoseconds(durationMs: number): number {
  return Math.round(durationMs * 1e6);
}

function experimentFields({ changed, value, outcome, layer, ...seen }: ExperimentSeen): Fields {
  return {
    changed,
    value,
    outcome,
    layer,
    alert_code: seen.alert?.code,
    http_status: seen.httpStatus,
    error_code: seen.error,
  };
}

function attemptFields({ attempt }: Report): Fields {
  return {
    number: attempt.number,
    repeats: attempt.repeats,
    failing_since: timeText(timeMs(attempt.failingSince)),
    failed_since: timeText(timeMs(attempt.failedSince)),
    new_warnings: attempt.newWarnings,
  };
}

function preflightFields({ preflight }: Report): Fields | undefined {
  if (!preflight) return undefined;
  const { checks, clientCertificate } = preflight;
  const client = clientCertificate && certificateFacts(clientCertificate);
  return {
    checks: checks.map(({ code, outcome, title, evidence, remedy }) => ({
      ...{ code, outcome, title, evidence, remedy },
    })),
    client_certificate: client && {
      path: clientCertificate.path,
      sha256: client.sha256,
      subject: client.subject,
      issuer: client.issuer,
      serial_number: client.serialNumber,
      not_before: client.notBefore,
      not_after: client.notAfter,
    },
  };
}

function deliveryFields({ delivery }: Report): Fields | undefined {
  return (
    delivery && {
      waiting: delivery.waiting,
      lost: lostFields(delivery.lost),
      newly_lost: delivery.newlyLost,
      homes: delivery.homes?.map((home) => ({
        name: home.name,
        waiting: home.waiting,
        waiting_bytes: home.waitingBytes,
        oldest_time: timeText(timeMs(home.oldestTime)),
        lost: lostFields(home.lost),
        last_success_time: timeText(timeMs(home.lastSuccessTime)),
      })),
    }
  );
}

function lostFields({ age, size, rejected, storage }: Lost): Fields {
  return { age, size, rejected, storage };
}

function droppedFields({ eventsDropped }: Report): Fields | undefined {
  return (
    eventsDropped && {
      stdout: eventsDropped.stdout,
      file: eventsDropped.file,
      syslog: eventsDropped.syslog,
    }
  );
}
