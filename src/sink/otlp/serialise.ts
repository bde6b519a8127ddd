/** OTLP's bodies in both encodings: what is sent, and what an answer says. */
import {
  JsonLogsSerializer,
  JsonMetricsSerializer,
  ProtobufLogsSerializer,
  ProtobufMetricsSerializer,
} from '@opentelemetry/otlp-transformer';
import type { OtlpProtocol } from '../../config/config.ts';

export type LogRecords = Parameters<typeof ProtobufLogsSerializer.serializeRequest>[0];
export type ResourceMetrics = Parameters<typeof ProtobufMetricsSerializer.serializeRequest>[0];

/** What a partial success says: how many were refused, and why in the peer's words. */
export interface PartialSuccess {
  readonly rejected: number;
  readonly message: string;
}

/** One signal in one encoding. */
export interface Encoding<Request> {
  readonly contentType: string;
  encode(request: Request): Uint8Array;
  /** Undefined for a full success, and for what cannot be read: the status has said that it was taken. */
  partialSuccess(body: Uint8Array): PartialSuccess | undefined;
}

const contentTypes: Readonly<Record<OtlpProtocol, string>> = {
  'http/protobuf': 'application/x-protobuf',
  'http/json': 'application/json',
};

export function logsEncoding(protocol: OtlpProtocol): Encoding<LogRecords> {
  const serializer = protocol === 'http/json' ? JsonLogsSerializer : ProtobufLogsSerializer;
  return {
    contentType: contentTypes[protocol],
    encode: (request) => present(serializer.serializeRequest(request)),
    partialSuccess: (body) =>
      readable(() => {
        const { partialSuccess } = serializer.deserializeResponse(body);
        return partialSuccess && said(partialSuccess.rejectedLogRecords, partialSuccess);
      }),
  };
}

export function metricsEncoding(protocol: OtlpProtocol): Encoding<ResourceMetrics> {
  const serializer = protocol === 'http/json' ? JsonMetricsSerializer : ProtobufMetricsSerializer;
  return {
    contentType: contentTypes[protocol],
    encode: (request) => present(serializer.serializeRequest(request)),
    partialSuccess: (body) =>
      readable(() => {
        const { partialSuccess } = serializer.deserializeResponse(body);
        return partialSuccess && said(partialSuccess.rejectedDataPoints, partialSuccess);
      }),
  };
}

function present(body: Uint8Array | undefined): Uint8Array {
  if (!body) throw new TypeError('nothing was serialised');
  return body;
}

/** A 64-bit integer is a string in JSON, and anything at all from a peer that does not keep to it. */
function said(
  rejected: unknown,
  { errorMessage }: { readonly errorMessage?: unknown },
): PartialSuccess | undefined {
  const count = Number(rejected ?? 0);
  const message = typeof errorMessage === 'string' ? errorMessage : '';
  const known = Number.isSafeInteger(count) && count > 0 ? count : 0;
  return known === 0 && message === '' ? undefined : { rejected: known, message };
}

function readable<Value>(read: () => Value | undefined): Value | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
