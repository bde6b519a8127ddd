/** Elastic Common Schema 9.4.0: one JSON document on one line, durations in nanoseconds, hex in upper case. */
import { isoTime } from '../base/clock.ts';
import type { Report } from '../report/report.ts';
import { type CertificateFacts, upperHex } from './event/certificate-facts.ts';
import { type Facts, factsOf } from './event/facts.ts';
import { type Fields, fieldsLine } from './event/fields.ts';
import { addressesIn, ipVersion } from './event/ip-address.ts';
import { levels } from './event/severity.ts';
import { nanoseconds, sidelightFields } from './event/sidelight-fields.ts';

export function ecs(report: Report): string {
  const facts = factsOf(report);
  const { code, entry, message } = facts;
  const { agent } = report;
  return fieldsLine({
    '@timestamp': isoTime(facts.timeMs),
    ecs: { version: '9.4.0' },
    message,
    log: { level: levels[entry.severity].logLevel, logger: 'sidelight.probe' },
    event: eventFields(facts),
    ...(entry.kind === 'alert' && {
      rule: { id: code, name: entry.title, ruleset: 'sidelight' },
    }),
    agent: { type: 'sidelight', version: agent.version, id: agent.id, ephemeral_id: report.runId },
    host: { name: agent.host, hostname: agent.host },
    service: { name: 'sidelight', type: 'sidelight', version: agent.version },
    destination: destinationFields(facts),
    url: urlFields(facts),
    dns: dnsFields(report),
    network: networkFields(facts),
    tls: tlsFields(facts),
    http: facts.httpStatus === undefined ? undefined : statusFields(facts.httpStatus),
    error: errorFields(facts),
    file: fileFields(facts),
    related: relatedFields(facts),
    sidelight: sidelightFields(facts),
  });
}

function eventFields({ code, entry, report, ...facts }: Facts): Fields {
  return {
    kind: entry.kind,
    ...classOf(report),
    outcome: facts.result,
    action: code,
    code,
    reason: report.cause?.title,
    severity: levels[entry.severity].outOfTen,
    module: 'sidelight',
    provider: 'sidelight',
    dataset: 'sidelight.probe',
    id: report.id,
    sequence: report.sequence,
    start: isoTime(facts.timeMs),
    end: isoTime(facts.timeMs + Math.round(facts.durationMs)),
    duration: nanoseconds(facts.durationMs),
  };
}

/** By the look and not by the event, so that a heartbeat is found where its look would be. */
function classOf({ outcome, layer }: Report): Fields {
  if (layer === 'local') return { category: ['configuration'], type: ['info'] };
  const category = ['network'];
  if (outcome === 'accepted') return { category, type: ['connection', 'protocol', 'allowed'] };
  if (outcome === 'rejected') return { category, type: ['connection', 'protocol', 'denied'] };
  return { category, type: ['connection'] };
}

function destinationFields({ report, hostName, address }: Facts): Fields {
  const { host, port } = report.target;
  return { address: host, domain: hostName, ip: address, port };
}

function urlFields({ report, hostName, url }: Facts): Fields {
  const { full, scheme, path } = url;
  const domain = hostName ?? report.target.host;
  return { full, scheme, domain, port: report.target.port, path };
}

function dnsFields({ steps }: Report): Fields | undefined {
  const { host, addresses } = steps.find(({ name }) => name === 'dns') ?? {};
  if (host === undefined) return undefined;
  return {
    question: { name: host },
    resolved_ip: addresses && addressesIn(addresses),
  };
}

function networkFields({ report, address = '' }: Facts): Fields | undefined {
  if (report.layer === 'local') return undefined;
  const version = ipVersion(address);
  return {
    transport: 'tcp',
    type: version && `ipv${version}`,
    protocol: 'tls',
    direction: 'egress',
  };
}

function tlsFields(facts: Facts): Fields | undefined {
  const { report, server, client, isClientSent, isEstablished } = facts;
  const { tls } = report;
  return (
    tls && {
      version: tls.version,
      version_protocol: tls.version && 'tls',
      cipher: tls.cipherSuite,
      curve: tls.group,
      established: isEstablished,
      next_protocol: tls.alpn,
      client: {
        server_name: tls.clientHello?.serverName,
        ja3: tls.clientHello?.ja3,
        ...(client && isClientSent && certificateFields(client)),
      },
      server: { ja3s: tls.ja3s, ...(server && certificateFields(server)) },
    }
  );
}

function certificateFields(certificate: CertificateFacts): Fields {
  const { sha256, subject, issuer, notBefore: not_before, notAfter: not_after } = certificate;
  return {
    hash: { sha256 },
    subject,
    issuer,
    not_before,
    not_after,
    x509: {
      subject: { distinguished_name: subject },
      issuer: { distinguished_name: issuer },
      serial_number: certificate.serialNumber,
      alternative_names: certificate.subjectAltNames?.map(withoutType),
      not_before,
      not_after,
      public_key_algorithm: certificate.keyAlgorithm,
      public_key_size: certificate.keyBits,
      signature_algorithm: certificate.signatureAlgorithm,
    },
  };
}

/** `DNS:gateway.example` as the schema has it: the name alone. */
function withoutType(name: string): string {
  return name.replace(/^(?:DNS|IP|URI|email):/, '');
}

function statusFields(status: number): Fields {
  return { response: { status_code: status } };
}

function errorFields({ report, isAccepted, errorCode }: Facts): Fields | undefined {
  if (isAccepted) return undefined;
  return { code: errorCode, type: report.cause?.code, message: report.cause?.title };
}

function fileFields({ faultyFile: file }: Facts): Fields | undefined {
  return (
    file && {
      path: file.path,
      mode: file.mode,
      uid: file.uid === undefined ? undefined : String(file.uid),
      gid: file.gid === undefined ? undefined : String(file.gid),
    }
  );
}

function relatedFields({ report, address, client }: Facts): Fields {
  const { agent, target, tls } = report;
  const chain = tls?.serverCertificates?.map(({ sha256 }) => upperHex(sha256)) ?? [];
  const hash = [...chain, client?.sha256].filter((text) => text !== undefined);
  return {
    hosts: [...new Set([agent.host, target.host])],
    ip: address === undefined ? undefined : [address],
    hash: hash.length > 0 ? [...new Set(hash)] : undefined,
  };
}
