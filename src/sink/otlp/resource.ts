/** Who sends and by what, in the shapes that the serialiser takes. */
import { version } from '../../base/version.ts';
import { otlpResource, type ResourceAttributes } from '../../format/otlp/resource.ts';
import type { Report } from '../../report/report.ts';
import type { LogRecords, ResourceMetrics } from './serialise.ts';

export type Resource = LogRecords[number]['resource'] & ResourceMetrics['resource'];
export type Scope = LogRecords[number]['instrumentationScope'];
export type HrTime = LogRecords[number]['hrTime'];

export const scope: Scope = { name: 'sidelight', version };

/** One object for each agent that is met, for the serialiser groups by identity. */
export function resources(given: ResourceAttributes): (report: Report) => Resource {
  const known = new Map<string, Resource>();
  return (report) => {
    const attributes = otlpResource(report, given);
    const key = JSON.stringify(attributes);
    const found = known.get(key) ?? plainResource(attributes);
    // One agent and its guests; whoever changes its name without end is no reason to grow.
    if (known.size >= 16) known.clear();
    known.set(key, found);
    return found;
  };
}

/** The serialiser reads the attributes and nothing else. */
function plainResource(attributes: ResourceAttributes): Resource {
  const resource: Resource = {
    attributes: { ...attributes },
    merge: () => resource,
    getRawAttributes: () => Object.entries(attributes),
  };
  return resource;
}

/** Seconds and nanoseconds since 1970. */
export function hrTime(epochMs: number): HrTime {
  const ms = Math.max(epochMs, 0);
  const seconds = Math.floor(ms / 1000);
  return [seconds, Math.round((ms - seconds * 1000) * 1e6)];
}
