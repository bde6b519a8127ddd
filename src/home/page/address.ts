/** The addresses of the page's views. */
import type { State } from './in-words.ts';

/** Below this everything is the page's; `live` is its WebSocket. */
export const paths = {
  fleet: '/ui/',
  delegates: '/ui/delegates',
  delegate: '/ui/delegate',
  incidents: '/ui/incidents',
  incident: '/ui/incident',
  report: '/ui/report',
  probeNow: '/ui/probe-now',
  login: '/ui/login',
  logout: '/ui/logout',
  live: '/ui/live',
} as const;

/** What stands in place of a state for all that are not accepted, and for those of them that are in no incident. */
export type Standing = State | 'failing' | 'own';

/** Which delegates are listed. */
export interface Filter {
  readonly q?: string;
  readonly state?: Standing;
  readonly target?: string;
  readonly account?: string;
  readonly incident?: string;
}

/** Absent and empty values stand in no address. */
export function address(
  path: string,
  query: Readonly<Record<string, string | number | undefined>> = {},
): string {
  const said = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== '') said.append(name, String(value));
  }
  const text = said.toString();
  return text === '' ? path : `${path}?${text}`;
}

export function delegateAddress(source: string): string {
  return address(paths.delegate, { of: source });
}

export function incidentAddress(id: string): string {
  return address(paths.incident, { id });
}

export function reportAddress(arrival: number): string {
  return address(paths.report, { arrival });
}

export function delegatesAddress(filter: Filter, page = 1): string {
  return address(paths.delegates, { ...filter, page: page > 1 ? page : undefined });
}

/** Whether it leads to a view of ours and nowhere else. */
export function isWithinPage(to: string): boolean {
  return /^\/ui\/[\x21-\x5b\x5d-\x7e]*$/.test(to);
}
