/** Where the agent keeps what must outlive it. */
import { join } from 'node:path';
import { type Environment, said } from './delegate-environment.ts';
import { type Findings, type Sources, settle } from './settings.ts';

export interface Machine {
  readonly env: Environment;
  /** Absent where users have no number. */
  readonly uid?: number;
  /** Whether a directory is there, or could be made, and is ours to write. Absent: nobody can tell. */
  readonly canKeepIn?: (directory: string) => boolean;
}

/** Undefined when there is no place: nothing is kept then. */
export function stateDirectory(
  machine: Machine,
  sources: Sources,
  findings: Findings,
): string | undefined {
  const usual = agentStateDirectory(machine);
  const otherwise = usual && { raw: usual.path, origin: usual.origin };
  return settle('stateDir', sources, findings, otherwise && { otherwise })?.value;
}

interface Place {
  readonly path: string;
  readonly origin: string;
}

/**
 * Where an agent keeps its state when nothing names a place: in the usual one, or below the temporary directory where
 * that cannot be written. The same for whoever has the same environment and user, so that they find each other.
 */
export function agentStateDirectory(machine: Machine): Place | undefined {
  const { env, canKeepIn } = machine;
  const usual = usualStateDirectory(machine);
  if (!canKeepIn || (usual && canKeepIn(usual.path))) return usual;
  const path = join(said(env, 'TMPDIR') ?? '/tmp', 'sidelight');
  if (!canKeepIn(path)) return usual;
  return { path, origin: usual ? `${usual.path} cannot be written` : 'HOME is not set' };
}

/** systemd's, root's, or the user's own by the XDG base directory specification. */
export function usualStateDirectory({ env, uid }: Machine): Place | undefined {
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
