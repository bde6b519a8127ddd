/** OCSF 1.8.0: Network Activity (4001) for a look, Detection Finding (2004) where the agent itself raises an alert. */
import type { Report } from '../report/report.ts';
import { type Facts, factsOf } from './event/facts.ts';
import { type Fields, fieldsLine } from './event/fields.ts';
import {
  certificateFields,
  connectionFields,
  destinationFields,
  sourceFields,
  tlsFields,
  urlFields,
} from './event/ocsf-objects.ts';
import { levels } from './event/severity.ts';
import { sidelightFields } from './event/sidelight-fields.ts';

export function ocsf(report: Report): string {
  const facts = factsOf(report);
  return fieldsLine(facts.entry.kind === 'alert' ? findingFields(facts) : activityFields(facts));
}

interface OcsfClass {
  readonly category: readonly [uid: number, name: string];
  readonly uid: number;
  readonly name: string;
}

const networkActivity: OcsfClass = {
  category: [4, 'Network Activity'],
  uid: 4001,
  name: 'Network Activity',
};

const detectionFinding: OcsfClass = {
  category: [2, 'Findings'],
  uid: 2004,
  name: 'Detection Finding',
};

type Named = readonly [id: number, name: string];

function baseFields(facts: Facts, { category, uid, name }: OcsfClass, activity: Named): Fields {
  const { report, entry, message, errorCode } = facts;
  const durationMs = Math.round(facts.durationMs);
  const { ocsf: severity_id, ocsfName: severity } = levels[entry.severity];
  return {
    category_uid: category[0],
    category_name: category[1],
    class_uid: uid,
    class_name: name,
    activity_id: activity[0],
    activity_name: activity[1],
    type_uid: uid * 100 + activity[0],
    type_name: `${name}: ${activity[1]}`,
    severity_id,
    severity,
    time: facts.timeMs,
    start_time: facts.timeMs,
    end_time: facts.timeMs + durationMs,
    duration: durationMs,
    count: report.attempt.repeats + 1,
    message,
    status_code: errorCode,
    status_detail: report.cause?.title,
    metadata: metadataFields(facts),
    unmapped: {
      http: { status_code: facts.httpStatus },
      sidelight: sidelightFields(facts),
    },
  };
}

function metadataFields({ report, code, proxyUrl }: Facts): Fields {
  return {
    version: '1.8.0',
    product: { name: 'Sidelight', vendor_name: 'Sidelight', version: report.agent.version },
    profiles: proxyUrl === undefined ? undefined : ['network_proxy'],
    log_name: 'sidelight.probe',
    uid: report.id,
    event_code: code,
    sequence: report.sequence,
    correlation_uid: report.runId,
  };
}

function activityFields(facts: Facts): Fields {
  const { report } = facts;
  const ja4 = report.tls?.clientHello?.ja4;
  const [status_id, status] = statusOf(facts);
  return {
    ...baseFields(facts, networkActivity, activityOf(report)),
    status_id,
    status,
    src_endpoint: sourceFields(facts),
    dst_endpoint: destinationFields(facts),
    proxy_endpoint: proxyFields(facts),
    connection_info: connectionFields(facts),
    tls: tlsFields(facts),
    ja4_fingerprint_list: ja4 === undefined ? undefined : [{ type_id: 1, type: 'JA4', value: ja4 }],
    url: urlFields(facts),
  };
}

/** Unconfirmed is neither an opened connection, which would read as acceptance, nor a failed one. */
function activityOf({ outcome, tls, steps }: Report): Named {
  if (outcome === 'accepted') return [1, 'Open'];
  if (outcome === 'rejected') return [5, 'Refuse'];
  if (outcome === 'unconfirmed') return [99, 'Unconfirmed'];
  const wasReset =
    tls?.ended?.how === 'reset' || steps.some(({ error }) => error?.code === 'ECONNRESET');
  return wasReset ? [3, 'Reset'] : [4, 'Fail'];
}

function statusOf({ result }: Facts): Named {
  if (result === 'success') return [1, 'Success'];
  return result === 'failure' ? [2, 'Failure'] : [0, 'Unknown'];
}

/** Of the network_proxy profile. */
function proxyFields({ proxyUrl }: Facts): Fields | undefined {
  const url = proxyUrl === undefined ? null : URL.parse(proxyUrl);
  if (!url) return undefined;
  return { hostname: url.hostname, port: url.port === '' ? undefined : Number(url.port) };
}

function findingFields(facts: Facts): Fields {
  const { report, code, entry, message, client } = facts;
  return {
    ...baseFields(facts, detectionFinding, [1, 'Create']),
    status_id: 1,
    status: 'New',
    is_alert: true,
    finding_info: {
      uid: report.id,
      title: entry.title,
      desc: message,
      types: [code],
      created_time: facts.timeMs,
      data_sources: ['sidelight.probe'],
      analytic: { type_id: 1, type: 'Rule', uid: code, name: entry.title },
    },
    evidences: [
      {
        src_endpoint: sourceFields(facts),
        dst_endpoint: destinationFields(facts),
        connection_info: connectionFields(facts),
        tls: tlsFields(facts),
        url: urlFields(facts),
        data: client && { client_certificate: certificateFields(client) },
      },
    ],
  };
}
