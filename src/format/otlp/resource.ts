/** Who sends: the resource of OpenTelemetry by its semantic conventions. */
import { sanitise } from '../../base/sanitise.ts';
import type { Report } from '../../report/report.ts';

export type ResourceAttributes = Readonly<Record<string, string>>;

/** `given` goes before what the report says of its agent. */
export function otlpResource(
  { agent, runId }: Pick<Report, 'agent' | 'runId'>,
  given: ResourceAttributes,
): ResourceAttributes {
  const { name, account } = agent.delegate ?? {};
  const own = {
    'service.name': agent.name,
    'service.version': agent.version,
    // Unique among those that run at the same time: without a state directory, the run is who we are.
    'service.instance.id': agent.id ?? runId,
    'host.name': agent.host,
    ...(name !== undefined && { 'sidelight.delegate.name': name }),
    ...(account !== undefined && { 'sidelight.delegate.account': account }),
  };
  const all = Object.entries<string>({ ...own, ...given });
  return Object.fromEntries(all.map(([key, value]) => [key, sanitise(value, 1024)]));
}
