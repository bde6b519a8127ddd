/** What a report says, by the names of OpenTelemetry's semantic conventions; `sidelight` holds what they have no name for. */
import type { CertificateFacts } from '../event/certificate-facts.ts';
import type { Facts } from '../event/facts.ts';
import type { Fields } from '../event/fields.ts';
import { ipVersion } from '../event/ip-address.ts';
import { nanoseconds, sidelightFields } from '../event/sidelight-fields.ts';

export function reportFields(facts: Facts): Fields {
  const { report } = facts;
  const own = sidelightFields(facts);
  return {
    // Whoever receives a record twice knows it by this.
    log: { record: { uid: report.id } },
    server: { address: report.target.host, port: report.target.port },
    url: { ...facts.url },
    network: networkFields(facts),
    tls: tlsFields(facts),
    http: { response: { status_code: facts.httpStatus } },
    error: { type: facts.isAccepted ? undefined : (facts.errorCode ?? report.cause?.code) },
    file: { path: facts.faultyFile?.path },
    sidelight: {
      ...own,
      // Stands in the resource.
      delegate: undefined,
      report_id: report.id,
      run_id: report.runId,
      event: report.event,
      duration: nanoseconds(facts.durationMs),
      cause: report.cause ? { ...ofFields(own['cause']), title: report.cause.title } : undefined,
    },
  };
}

function ofFields(value: Fields[string]): Fields {
  return typeof value === 'object' && !Array.isArray(value) ? (value as Fields) : {};
}

function networkFields({ report, address = '' }: Facts): Fields | undefined {
  if (report.layer === 'local') return undefined;
  const version = ipVersion(address);
  return {
    transport: 'tcp',
    type: version && `ipv${version}`,
    peer: version && { address },
  };
}

function tlsFields(facts: Facts): Fields | undefined {
  const { report, server, client, isClientSent, isEstablished } = facts;
  const { tls } = report;
  return (
    tls && {
      protocol: { name: tls.version && 'tls', version: tls.version },
      cipher: tls.cipherSuite,
      curve: tls.group,
      established: isEstablished,
      next_protocol: tls.alpn,
      client: { ja3: tls.clientHello?.ja3, ...(isClientSent && certificateFields(client)) },
      server: { ja3s: tls.ja3s, ...certificateFields(server) },
    }
  );
}

function certificateFields(certificate: CertificateFacts | undefined): Fields {
  return {
    hash: { sha256: certificate?.sha256 },
    subject: certificate?.subject,
    issuer: certificate?.issuer,
    not_before: certificate?.notBefore,
    not_after: certificate?.notAfter,
  };
}
