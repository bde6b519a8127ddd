/** What a stapled OCSP response says (RFC 6960 section 4.2), its signature unexamined. */
import { isoTime } from '../base/clock.ts';
import { type DerElement, derTags, readElement, readElements, readUnsigned, toHex } from './der.ts';
import { readTime } from './time.ts';

export interface OcspResponse {
  /** responseStatus: 0 is successful; the others carry no answer. */
  readonly responseStatus: number;
  /** RFC 3339, UTC. */
  readonly producedAt?: string;
  /** In the order given; a staple usually has one. */
  readonly responses: readonly OcspSingleResponse[];
}

export interface OcspSingleResponse {
  /** Lower hex, without leading zero octets. */
  readonly serialNumber: string;
  readonly certStatus: 'good' | 'revoked' | 'unknown';
  readonly thisUpdate: string;
  readonly nextUpdate?: string;
  /** Of a revoked certificate. */
  readonly revokedAt?: string;
}

const enumerated = 0x0a;
const context = (number: number): number => 0xa0 + number;

/** Undefined when the octets are no OCSPResponse with a basic answer, or a refusal. */
export function readOcspResponse(der: Uint8Array): OcspResponse | undefined {
  const [status, bytes] = children(readElement(der));
  const responseStatus = status?.tag === enumerated ? status.content[0] : undefined;
  if (responseStatus === undefined) return undefined;
  if (responseStatus !== 0) return { responseStatus, responses: [] };
  const [, basic] = children(children(bytes)[0]);
  const [data] = children(basic && readElement(basic.content));
  const fields = children(data);
  const producedAt = time(fields.find(({ tag }) => tag === derTags.generalizedTime));
  const list = fields.find(({ tag }) => tag === derTags.sequence);
  if (producedAt === undefined || list === undefined) return undefined;
  const responses = children(list).map(readSingle);
  return responses.every((response) => response !== undefined)
    ? { responseStatus, producedAt, responses }
    : undefined;
}

function readSingle(element: DerElement): OcspSingleResponse | undefined {
  const [certId, status, update, ...rest] = children(element);
  const serial = readUnsigned(children(certId)[3]);
  const certStatus = statusOf(status);
  const thisUpdate = time(update);
  if (serial === undefined || certStatus === undefined || thisUpdate === undefined)
    return undefined;
  const nextUpdate = time(children(rest.find(({ tag }) => tag === context(0)))[0]);
  const revokedAt = certStatus === 'revoked' ? time(children(status)[0]) : undefined;
  return {
    serialNumber: toHex(serial),
    certStatus,
    thisUpdate,
    ...(nextUpdate !== undefined && { nextUpdate }),
    ...(revokedAt !== undefined && { revokedAt }),
  };
}

/** CertStatus: a choice of three implicit tags, constructed for revoked alone. */
function statusOf(element: DerElement | undefined): OcspSingleResponse['certStatus'] | undefined {
  switch (element?.tag) {
    case 0x80:
      return 'good';
    case 0xa1:
      return 'revoked';
    case 0x82:
      return 'unknown';
    default:
      return undefined;
  }
}

const children = (element: DerElement | undefined): readonly DerElement[] =>
  (element && readElements(element.content)) ?? [];

/** A GeneralizedTime as RFC 3339, to the second. */
function time(element: DerElement | undefined): string | undefined {
  if (element?.tag !== derTags.generalizedTime) return undefined;
  const epochMs = readTime(element);
  return epochMs === undefined ? undefined : isoTime(epochMs).replace('.000Z', 'Z');
}
