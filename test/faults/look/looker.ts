/** The ways in which the program is run on a fault: in this process, or as users do. */
import { runMain } from '../../cli/run-main.ts';
import { sidelight } from '../../support/sidelight.ts';

export interface Looked {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export type Looker = (
  argv: readonly string[],
  env: Readonly<Record<string, string>>,
) => Promise<Looked>;

export const inProcess: Looker = (argv, env) => runMain(argv, { env });

export const asExecutable: Looker = (argv, env) => sidelight(argv, env);
