/** What each field of each format means, one row for a fact; `*` at the end of a name stands for any rest. */

export interface FieldRow {
  readonly meaning: string;
  readonly ecs?: readonly string[];
  readonly ocsf?: readonly string[];
  readonly cef?: readonly string[];
  readonly leef?: readonly string[];
  /** Parameters of `sidelight@32473` unless they say otherwise. */
  readonly syslog?: readonly string[];
}

export const fieldRows: readonly FieldRow[] = [
  {
    meaning: 'When the look began',
    ecs: ['@timestamp', 'event.start'],
    ocsf: ['time', 'start_time', 'finding_info.created_time'],
    cef: ['rt'],
    leef: ['devTime'],
  },
  {
    meaning: 'How long it took: nanoseconds in ECS, milliseconds in OCSF',
    ecs: ['event.duration', 'event.end'],
    ocsf: ['duration', 'end_time'],
  },
  {
    meaning: 'The report, unique for all time; a second one with it is a repetition',
    ecs: ['event.id'],
    ocsf: ['metadata.uid', 'finding_info.uid'],
    cef: ['externalId'],
    leef: ['eventId'],
    syslog: ['id'],
  },
  {
    meaning:
      'The event, of the table above; in CEF and LEEF it is in the header, in syslog the MSGID',
    ecs: ['event.code', 'event.action', 'rule.*'],
    ocsf: [
      'metadata.event_code',
      'finding_info.types',
      'finding_info.title',
      'finding_info.analytic.*',
    ],
    syslog: ['event'],
  },
  {
    meaning:
      'How bad it is: 1, 3, 6, 8 in ECS, CEF and LEEF, 1 to 4 in OCSF; in CEF in the header, in syslog in PRI',
    ecs: ['event.severity', 'log.level'],
    ocsf: ['severity', 'severity_id'],
    leef: ['sev'],
  },
  {
    meaning: 'The event in one line of words',
    ecs: ['message'],
    ocsf: ['message', 'finding_info.desc'],
    cef: ['msg'],
    leef: ['message'],
  },
  {
    meaning: 'What kind of event it is, in the terms of the schema',
    ecs: ['event.kind', 'event.category', 'event.type'],
    ocsf: ['category_*', 'class_*', 'type_*', 'activity_*', 'is_alert'],
    cef: ['cat'],
    leef: ['cat'],
  },
  {
    meaning:
      'Whether the look ended in acceptance: success, failure, unknown (OCSF 1, 2, 0; of a finding: 1, New)',
    ecs: ['event.outcome'],
    ocsf: ['status', 'status_id'],
    cef: ['outcome'],
    leef: ['result'],
  },
  {
    meaning: 'accepted, rejected, unconfirmed or failed',
    ecs: ['sidelight.outcome'],
    cef: ['act'],
    leef: ['outcome'],
    syslog: ['outcome'],
  },
  {
    meaning: 'Where it stopped: local, dns, tcp, proxy, tls, http or websocket',
    ecs: ['sidelight.layer'],
    cef: ['cs2*'],
    leef: ['layer'],
    syslog: ['layer'],
  },
  {
    meaning: 'The code of the cause, of docs/causes.md',
    ecs: ['sidelight.cause.code', 'error.type'],
    cef: ['cs1*'],
    leef: ['cause'],
    syslog: ['cause'],
  },
  {
    meaning: 'The cause in words',
    ecs: ['event.reason', 'error.message'],
    ocsf: ['status_detail'],
    cef: ['reason'],
  },
  {
    meaning: 'Who must act: delegate, network, proxy or gateway',
    ecs: ['sidelight.cause.side'],
    cef: ['cs3*'],
    leef: ['side'],
    syslog: ['side'],
  },
  {
    meaning: 'How sure that is: certain, likely or possible',
    ecs: ['sidelight.cause.confidence'],
    leef: ['confidence'],
    syslog: ['confidence'],
  },
  {
    meaning: 'The next step',
    ecs: ['sidelight.cause.remedy'],
    cef: ['flexString1*'],
    leef: ['remedy'],
  },
  { meaning: 'What the cause rests on', ecs: ['sidelight.cause.evidence'] },
  { meaning: 'Codes of other causes that fit', ecs: ['sidelight.alternatives'] },
  { meaning: 'Warnings that stand', ecs: ['sidelight.warnings.*'] },
  {
    meaning:
      'What differs from the last accepted look, by its path in the report, and when that was',
    ecs: ['sidelight.changes.*', 'sidelight.last_accepted_at'],
  },
  {
    meaning: 'The number of the alert that decided',
    ecs: ['sidelight.alert.code'],
    ocsf: ['tls.alert'],
    cef: ['cn1*'],
    leef: ['alertNumber'],
    syslog: ['alert'],
  },
  {
    meaning: 'Its direction, name and circumstances',
    ecs: [
      ...['sidelight.alert.direction', 'sidelight.alert.description', 'sidelight.alert.level'],
      ...['sidelight.alert.encrypted', 'sidelight.alert.after_finished'],
    ],
    cef: ['cs4*'],
    leef: ['alertName', 'alertDirection'],
    syslog: ['alertDirection'],
  },
  { meaning: 'Every alert of the connection', ecs: ['sidelight.alerts.*'] },
  {
    meaning: 'The code of the error: of the system, of OpenSSL, or ours',
    ecs: ['error.code'],
    ocsf: ['status_code'],
    cef: ['flexString2*'],
    leef: ['errorCode'],
  },
  {
    meaning: 'Our file that is at fault',
    ecs: ['file.*'],
    cef: ['filePath'],
    leef: ['file'],
  },
  {
    meaning: 'The gateway: host, its address where it is known, port',
    ecs: ['destination.*', 'network.type'],
    ocsf: ['dst_endpoint.*', 'connection_info.protocol_ver_id'],
    cef: ['dhost', 'dst', 'c6a3*', 'dpt'],
    leef: ['dstHost', 'dst', 'dstPort'],
    syslog: ['host', 'address', 'port'],
  },
  {
    meaning: 'The URL, without userinfo, query and fragment',
    ecs: ['url.*'],
    ocsf: ['url.*'],
    cef: ['request'],
    leef: ['url'],
  },
  {
    meaning: 'What was resolved, which is the proxy where one is used',
    ecs: ['dns.*'],
  },
  {
    meaning: 'The proxy',
    ecs: ['sidelight.proxy.*'],
    ocsf: ['proxy_endpoint.*', 'metadata.profiles'],
  },
  {
    meaning: 'The status of the answer: of HTTP, or of the upgrade where that is asked for alone',
    ecs: ['http.response.status_code'],
    ocsf: ['unmapped.http.status_code'],
    cef: ['cn2*'],
    leef: ['httpStatus'],
    syslog: ['httpStatus'],
  },
  { meaning: 'The WebSocket', ecs: ['sidelight.websocket.*'] },
  {
    meaning: 'What the handshake agreed on, and whether it was done',
    ecs: [
      ...['tls.version', 'tls.version_protocol', 'tls.cipher', 'tls.curve', 'tls.next_protocol'],
      ...['tls.established', 'tls.client.server_name'],
    ],
    ocsf: ['tls.version', 'tls.cipher', 'tls.sni'],
    leef: ['tlsVersion', 'cipher', 'serverName'],
  },
  {
    meaning: 'Fingerprints of the hellos',
    ecs: ['tls.client.ja3', 'tls.server.ja3s', 'sidelight.tls.ja4'],
    ocsf: ['tls.ja3_hash.*', 'tls.ja3s_hash.*', 'ja4_fingerprint_list.*'],
  },
  {
    meaning: "The SHA-256 of the server's certificate, in upper hex",
    ecs: ['tls.server.hash.sha256'],
    ocsf: ['tls.certificate.fingerprints.*'],
    cef: ['cs5*'],
    leef: ['serverSha256'],
    syslog: ['serverSha256'],
  },
  {
    meaning: "When the server's certificate ends",
    ecs: ['tls.server.not_after'],
    ocsf: ['tls.certificate.expiration_time'],
    cef: ['deviceCustomDate1*'],
    leef: ['serverNotAfter'],
  },
  {
    meaning: "The rest of the server's certificate",
    ecs: ['tls.server.subject', 'tls.server.issuer', 'tls.server.not_before', 'tls.server.x509.*'],
    ocsf: [
      ...['tls.certificate.subject', 'tls.certificate.issuer', 'tls.certificate.serial_number'],
      ...['tls.certificate.created_time', 'tls.certificate.is_self_signed'],
      ...['tls.certificate.sans.*', 'tls.sans.*'],
    ],
    leef: ['serverSubject'],
  },
  {
    meaning: "The server's chain, whether we trust it, and why not",
    ecs: [
      ...['sidelight.tls.server_chain_sha256', 'sidelight.tls.server_authorized'],
      ...['sidelight.tls.server_authorization_error'],
    ],
  },
  {
    meaning: 'Our client certificate, as far as the gateway got it to see',
    ecs: [
      ...['tls.client.hash.sha256', 'tls.client.subject', 'tls.client.issuer'],
      ...['tls.client.not_before', 'tls.client.not_after', 'tls.client.x509.*'],
    ],
  },
  {
    meaning: 'Our client certificate as configured, sent or not',
    ecs: ['sidelight.client_certificate.*'],
    ocsf: ['data.client_certificate.*'],
    cef: ['cs6*', 'deviceCustomDate2*'],
    leef: ['clientSubject', 'clientSha256', 'clientNotAfter'],
    syslog: ['clientSha256'],
  },
  {
    meaning:
      'Whether a client certificate was asked for and sent, and which authorities were named',
    ecs: [
      ...['sidelight.tls.client_certificate_requested', 'sidelight.tls.client_certificate_sent'],
      ...['sidelight.tls.certificate_authorities', 'sidelight.tls.certificate_authorities_sha256'],
    ],
  },
  {
    meaning: 'How the connection ended, and what was spoken in place of TLS',
    ecs: ['sidelight.tls.ended.*', 'sidelight.tls.not_tls'],
  },
  { meaning: 'The six steps, durations in nanoseconds', ecs: ['sidelight.steps.*'] },
  { meaning: 'What the Java delegate itself would see', ecs: ['sidelight.delegate_view.*'] },
  { meaning: 'Extra attempts with one thing changed', ecs: ['sidelight.experiments.*'] },
  {
    meaning: 'The number of the attempt since the agent started',
    ecs: ['sidelight.attempt.number'],
    leef: ['attempt'],
  },
  {
    meaning:
      'The number of the report, one after the other for each agent: a gap is a report that was lost',
    ecs: ['event.sequence'],
    ocsf: ['metadata.sequence'],
    syslog: ['sequence'],
  },
  {
    meaning: 'How many attempts before said the same; OCSF and CEF count this one too',
    ecs: ['sidelight.attempt.repeats'],
    ocsf: ['count'],
    cef: ['cnt'],
    leef: ['repeats'],
    syslog: ['repeats'],
  },
  {
    meaning: 'When the failures began that last, or that have just ended',
    ecs: ['sidelight.attempt.failing_since', 'sidelight.attempt.failed_since'],
    cef: ['flexDate1*'],
    leef: ['failingSince', 'failedSince'],
  },
  {
    meaning: 'Codes of the warnings for which alone it is reported',
    ecs: ['sidelight.attempt.new_warnings'],
  },
  {
    meaning:
      'Of files that the next look is the first to use: the new certificate, and which checks it did not pass',
    ecs: ['sidelight.preflight.*'],
    leef: ['newClientSha256', 'preflight'],
    syslog: ['preflight'],
  },
  { meaning: 'What the way home has cost', ecs: ['sidelight.delivery.*'] },
  { meaning: 'Events that slow readers have cost', ecs: ['sidelight.events_dropped.*'] },
  {
    meaning: 'The machine that the agent runs on',
    ecs: ['host.*'],
    ocsf: ['src_endpoint.hostname'],
    cef: ['dvchost', 'shost'],
    leef: ['identHostName'],
  },
  {
    meaning: 'The agent, and this run of it',
    ecs: ['agent.*', 'service.*'],
    ocsf: ['src_endpoint.uid', 'metadata.correlation_uid', 'metadata.product.version'],
    cef: ['deviceExternalId'],
    leef: ['agentId'],
    syslog: ['agentId', 'origin.swVersion'],
  },
  {
    meaning: 'The delegate beside it, and its account',
    ecs: ['sidelight.delegate.*'],
    ocsf: ['src_endpoint.name'],
    leef: ['delegate', 'account'],
    syslog: ['delegate'],
  },
  {
    meaning: 'Hosts, addresses and hashes again, to search by',
    ecs: ['related.*'],
  },
  {
    meaning: 'The same in every event',
    ecs: [
      ...['ecs.version', 'log.logger', 'event.module', 'event.provider', 'event.dataset'],
      ...['network.transport', 'network.protocol', 'network.direction', 'sidelight.schema'],
    ],
    ocsf: [
      ...['metadata.version', 'metadata.log_name', 'metadata.product.name'],
      ...['metadata.product.vendor_name', 'connection_info.direction*'],
      ...['connection_info.protocol_name', 'connection_info.protocol_num'],
      ...['finding_info.data_sources'],
    ],
    cef: ['proto', 'app', 'deviceDirection'],
    leef: ['proto'],
    syslog: ['origin.software'],
  },
  {
    meaning: 'All that stands under `sidelight` in ECS, by the same names',
    ocsf: ['unmapped.sidelight.*'],
  },
];
