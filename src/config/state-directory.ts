/** Where the agent keeps what must outlive it. */
import { join } from 'node:path';
import { type Environment, said } from './delegate-environment.ts';
import { type Findings, type Sources, settle } from './settings.ts';

export interface Machine {
  readonly env: Environment;
  readonly uid?: number;
}

/** Undefined when there is no place: nothing is kept then. */
export function stateDirectory(
  machine: Machine,
  sources: Sources,
  findings: Findings,
): string | undefined {
  const usual = usualStateDirectory(machine);
  const otherwise = usual && { raw: usual.path, origin: usual.origin };
  return settle('stateDir', sources, findings, otherwise && { otherwise })?.value;
}

/** systemd's, root's, or the user's own by the XDG base directory specification. */
export function usualStateDirectory({
  env,
  uid,
}: Machine): { readonly path: string; readonly origin: string } | undefined {
  // systemd separates several directories by colons (systemd.exec, RuntimeDirectory=).
  const [ofService] = said(env, 'STATE_DIRECTORY')?.split(':') ?? [];
  if (ofService) return { path: ofService, origin: 'STATE_DIRECTORY' };
  if (uid === 0) return { path: '/var/lib/sidelight', origin: 'default for root' };
  const xdg = said(env, 'XDG_STATE_HOME');
  if (xdg?.startsWith('/')) return { path: join(xdg, 'sidelight'), origin: 'XDG_STATE_HOME' };
  const home = said(env, 'HOME');
  if (home === undefined) return undefined;
  return { path: join(home, '.local', 'state', 'sidelight'), origin: 'HOME' };
}
