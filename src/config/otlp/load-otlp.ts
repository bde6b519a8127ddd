/** The Collector, as `--otlp` and OTEL_EXPORTER_OTLP_* describe it (OpenTelemetry Protocol Exporter). */
import type { OtlpConfig, OtlpSignalConfig } from '../config.ts';
import type { AgentSources } from '../delegate-sources.ts';
import type { LoadInput } from '../load-config.ts';
import { type Findings, settle } from '../settings.ts';
import { loadSignal } from './load-signal.ts';
import { exporterVariables, type Said } from './otel-variables.ts';
import { loadResourceAttributes } from './resource-attributes.ts';

/** Undefined when no Collector is wanted: the environment alone never asks for one, for it may be meant for the delegate. */
export function loadOtlp(
  { readFile }: Pick<LoadInput, 'readFile'>,
  sources: AgentSources,
  findings: Findings,
): OtlpConfig | undefined {
  const wanted = settle('otlp', sources, findings);
  if (!wanted) return undefined;
  const base: Said<URL> | undefined =
    wanted.value === 'env' ? undefined : { value: wanted.value, origin: wanted.origin };
  const { env } = sources;
  if (!base && /^true$/i.test(env['OTEL_SDK_DISABLED']?.trim() ?? '')) {
    const origin = 'OTEL_SDK_DISABLED';
    findings.origins.push({ setting: 'otlp.disabled', value: 'true', origin });
    return undefined;
  }
  const signal = (name: 'logs' | 'metrics'): OtlpSignalConfig | undefined =>
    loadSignal(name, base, {
      variables: exporterVariables(name, env),
      readFile,
      sources,
      findings,
    });
  const logs = signal('logs');
  const metrics = signal('metrics');
  const resourceAttributes = loadResourceAttributes(env, findings);
  return logs && metrics && { logs, metrics, resourceAttributes };
}
