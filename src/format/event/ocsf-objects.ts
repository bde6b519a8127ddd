/** Objects of OCSF 1.8.0 that both of its classes hold. */
import type { CertificateFacts } from './certificate-facts.ts';
import type { Facts } from './facts.ts';
import type { Fields } from './fields.ts';
import { ipVersion } from './ip-address.ts';

export function sourceFields({ report: { agent } }: Facts): Fields {
  const { host, id, delegate } = agent;
  return { hostname: host, uid: id, name: delegate?.name };
}

export function destinationFields({ report, hostName, address }: Facts): Fields {
  return { hostname: hostName, ip: address, port: report.target.port, name: report.target.host };
}

export function connectionFields({ address = '' }: Facts): Fields {
  return {
    direction_id: 2,
    direction: 'Outbound',
    protocol_name: 'tcp',
    protocol_num: 6,
    protocol_ver_id: ipVersion(address),
  };
}

/** Undefined without a negotiated version, which the object requires. */
export function tlsFields({ report: { tls }, alert, server }: Facts): Fields | undefined {
  if (tls?.version === undefined) return undefined;
  return {
    version: tls.version,
    cipher: tls.cipherSuite,
    sni: tls.clientHello?.serverName,
    alert: alert?.code,
    certificate: server && certificateFields(server),
    sans: server?.subjectAltNames?.map(nameOfSubject),
    ja3_hash: hashFields(1, 'MD5', tls.clientHello?.ja3),
    ja3s_hash: hashFields(1, 'MD5', tls.ja3s),
  };
}

/** Undefined for a certificate that did not parse: the object requires issuer and serial number. */
export function certificateFields(certificate: CertificateFacts): Fields | undefined {
  const { sha256, subject, issuer, serialNumber } = certificate;
  if (issuer === undefined || serialNumber === undefined) return undefined;
  return {
    subject,
    issuer,
    serial_number: serialNumber,
    created_time: certificate.notBeforeMs,
    expiration_time: certificate.notAfterMs,
    is_self_signed: certificate.selfSigned,
    fingerprints: sha256 === undefined ? undefined : [hashFields(3, 'SHA-256', sha256)],
    sans: certificate.subjectAltNames?.map(nameOfSubject),
  };
}

type Hash = { readonly algorithm_id: number; readonly algorithm: string; readonly value: string };

function hashFields(id: number, algorithm: string, value: string): Hash;
function hashFields(id: number, algorithm: string, value: string | undefined): Hash | undefined;
function hashFields(id: number, algorithm: string, value: string | undefined): Hash | undefined {
  return value === undefined ? undefined : { algorithm_id: id, algorithm, value };
}

/** `DNS:gateway.example` as its two parts. */
function nameOfSubject(text: string): { readonly type: string; readonly name: string } {
  const end = text.indexOf(':');
  return { type: text.slice(0, Math.max(0, end)), name: text.slice(end + 1) };
}

export function urlFields({ report, url: { full, scheme, path }, hostName }: Facts): Fields {
  const { host, port } = report.target;
  return { url_string: full, scheme, hostname: hostName ?? host, port, path };
}
