/**
 * An independent decoder of OTLP: protobufjs over the published interface. `opentelemetry-proto.json` holds its names, numbers
 * and types as the descriptors of opentelemetry-proto 1.45.0 have them (Copyright The OpenTelemetry Authors, Apache-2.0).
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import protobuf from 'protobufjs';
import { expect } from 'vitest';

const root = protobuf.Root.fromJSON(
  JSON.parse(readFileSync(join(import.meta.dirname, 'opentelemetry-proto.json'), 'utf8')),
);
const service = 'opentelemetry.proto.collector';
const types = {
  logs: root.lookupType(`${service}.logs.v1.ExportLogsServiceRequest`),
  metrics: root.lookupType(`${service}.metrics.v1.ExportMetricsServiceRequest`),
} as const;
const answers = {
  logs: root.lookupType(`${service}.logs.v1.ExportLogsServiceResponse`),
  metrics: root.lookupType(`${service}.metrics.v1.ExportMetricsServiceResponse`),
} as const;

export type SignalName = keyof typeof types;

export interface AnyValue {
  readonly stringValue?: string;
  readonly boolValue?: boolean;
  readonly intValue?: string;
  readonly doubleValue?: number;
  readonly arrayValue?: { readonly values: readonly AnyValue[] };
  readonly kvlistValue?: { readonly values: readonly KeyValue[] };
}
export interface KeyValue {
  readonly key: string;
  readonly value: AnyValue;
}
export interface Point {
  readonly attributes: readonly KeyValue[];
  readonly startTimeUnixNano: string;
  readonly timeUnixNano: string;
  readonly asDouble: number;
}
export interface Metric {
  readonly name: string;
  readonly unit?: string;
  readonly gauge?: { readonly dataPoints: readonly Point[] };
  readonly sum?: {
    readonly dataPoints: readonly Point[];
    readonly isMonotonic: boolean;
    readonly aggregationTemporality: number;
  };
}
export interface LogRecord {
  readonly timeUnixNano: string;
  readonly observedTimeUnixNano: string;
  readonly severityNumber: number;
  readonly severityText: string;
  readonly eventName: string;
  readonly body: AnyValue;
  readonly attributes: readonly KeyValue[];
}
interface Decoded {
  readonly resourceLogs: readonly {
    readonly resource: { readonly attributes: readonly KeyValue[] };
    readonly scopeLogs: readonly {
      readonly scope: { readonly name: string; readonly version: string };
      readonly logRecords: readonly LogRecord[];
    }[];
  }[];
  readonly resourceMetrics: readonly {
    readonly resource: { readonly attributes: readonly KeyValue[] };
    readonly scopeMetrics: readonly { readonly metrics: readonly Metric[] }[];
  }[];
}

/** Fails on octets that are no such message, and on JSON keys that a decoder would pass over. */
export function decode(signal: SignalName, contentType: string, body: Buffer): Decoded {
  const type = types[signal];
  const options = { longs: String };
  if (contentType !== 'application/json') {
    return type.toObject(type.decode(body), options) as Decoded;
  }
  const json: unknown = JSON.parse(body.toString());
  const plain = type.toObject(type.fromObject(json as object), options);
  expect(comparable(plain)).toEqual(comparable(json));
  return plain as Decoded;
}

/** As messages are compared: an integer may be a number or a string in JSON, and what is zero or empty need not stand there. */
export function comparable(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value), (_, each) => {
    if (Array.isArray(each)) return each.length === 0 ? undefined : each;
    const text = typeof each === 'number' ? String(each) : each;
    return text === '' || text === '0' ? undefined : text;
  });
}

/** What a Collector answers, in the encoding that it was asked in. */
export function encodeAnswer(signal: SignalName, contentType: string, answer: object): Buffer {
  if (contentType === 'application/json') return Buffer.from(JSON.stringify(answer));
  const type = answers[signal];
  return Buffer.from(type.encode(type.fromObject(answer)).finish());
}

export function attributesOf(list: readonly KeyValue[]): Readonly<Record<string, unknown>> {
  return Object.fromEntries(list.map(({ key, value }) => [key, plainOf(value)]));
}

function plainOf(value: AnyValue): unknown {
  if (value.arrayValue) return (value.arrayValue.values ?? []).map(plainOf);
  if (value.kvlistValue) return attributesOf(value.kvlistValue.values ?? []);
  if (value.intValue !== undefined) return Number(value.intValue);
  return value.stringValue ?? value.boolValue ?? value.doubleValue;
}
