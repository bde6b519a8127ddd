/** The address of a Collector as people and OTEL_EXPORTER_OTLP_* write it. */
import { mayHoldUserinfo } from '../base/dissect-url.ts';
import { printableUrl } from '../target/target.ts';
import type { KindValues, OptionSpec } from './option.ts';
import { expectedOf, type Parsed, quotedUrl } from './parsed.ts';

/** A scheme is required, as OpenTelemetry does; the fragment is dropped. */
export function parseOtlpUrl(text: string, option: OptionSpec): Parsed<KindValues['otlpUrl']> {
  if (text === 'env') return { value: 'env', printable: 'env' };
  return parseCollectorUrl(text, expectedOf(option));
}

export function parseCollectorUrl(text: string, expected: string): Parsed<URL> {
  const url = /[\s\\\p{Cc}]/u.test(text) ? null : URL.parse(text);
  if (!url || !/^https?:\/\/[^/]/i.test(text) || url.port === '0') {
    return { what: `${quotedUrl(text)} is no URL of a Collector`, expected };
  }
  if (mayHoldUserinfo(text)) {
    return {
      what: `${quotedUrl(text)} holds a user or password, which is never sent`,
      expected: `${expected}; credentials go into OTEL_EXPORTER_OTLP_HEADERS`,
    };
  }
  url.hash = '';
  const mark = url.search === '' ? '' : '?…';
  return { value: url, printable: `${printableUrl(url)}${mark}` };
}
