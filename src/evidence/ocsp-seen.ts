/** A stapled OCSP response as evidence; its signature is not examined. */
import { readOcspResponse } from '../x509/ocsp-response.ts';
import type { OcspSeen } from './evidence.ts';

/** OCSPResponseStatus (RFC 6960 section 4.2.1). */
const statuses: Readonly<Record<number, string>> = {
  0: 'successful',
  1: 'malformedRequest',
  2: 'internalError',
  3: 'tryLater',
  5: 'sigRequired',
  6: 'unauthorized',
};

export function seeOcsp(der: Uint8Array): OcspSeen {
  const response = readOcspResponse(der);
  if (!response) return { responseStatus: 'unparsable' };
  const [first] = response.responses;
  return {
    responseStatus: statuses[response.responseStatus] ?? String(response.responseStatus),
    ...(first && {
      certificateStatus: first.certStatus,
      thisUpdate: first.thisUpdate,
      ...(first.nextUpdate !== undefined && { nextUpdate: first.nextUpdate }),
      ...(first.revokedAt !== undefined && { revokedAt: first.revokedAt }),
    }),
  };
}
