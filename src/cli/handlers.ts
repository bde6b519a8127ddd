/** What does the work of each command, loaded when it is called for. */
import type { CommandName } from '../config/option.ts';
import type { CommandLine } from './command-line.ts';
import type { Io } from './io.ts';

/** Gives the exit code; throws CannotRun for what its caller got wrong. */
export type Handler = (line: CommandLine, io: Io) => number | Promise<number>;

export const handlers: Readonly<Record<CommandName, () => Promise<Handler>>> = {
  check: async () => (await import('./check-command.ts')).check,
  run: async () => (await import('./run-command.ts')).run,
  status: async () => (await import('./status-command.ts')).status,
  'preflight client': async () => (await import('./preflight-command.ts')).preflightClient,
  'preflight gateway': async () => (await import('./preflight-command.ts')).preflightGateway,
  'preflight compare': async () => (await import('./preflight-command.ts')).preflightCompare,
  'watch-rotation': async () => (await import('./watch-rotation-command.ts')).watchRotation,
  home: async () => (await import('./home-command.ts')).home,
  'home list': async () => (await import('./home-list-command.ts')).homeList,
  'home probe-now': async () => (await import('./home-probe-now-command.ts')).homeProbeNow,
  bundle: async () => (await import('./bundle-command.ts')).bundle,
  show: async () => (await import('./show-command.ts')).show,
  explain: async () => (await import('./explain-command.ts')).explain,
  schema: async () => (await import('./schema-command.ts')).schema,
  demo: async () => (await import('./demo-command.ts')).demo,
  completion: async () => (await import('./completion-command.ts')).completion,
  man: async () => (await import('./man-command.ts')).man,
  licenses: async () => (await import('./licenses-command.ts')).licenses,
  version: async () => (await import('./version-command.ts')).printVersion,
};
