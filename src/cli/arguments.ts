/** How many arguments each command takes beside its options. */
import type { CommandName } from '../config/option.ts';
import { type Candidates, shells } from './completion/candidates.ts';

export interface Arguments {
  readonly min: number;
  readonly max: number;
  /** For the help; empty when there are none. */
  readonly text: string;
  /** What a shell may complete an argument to; absent: nothing that it could know. */
  readonly candidates?: Candidates;
}

const none: Arguments = { min: 0, max: 0, text: '' };

export const argumentsOf: Readonly<Record<CommandName, Arguments>> = {
  // More than one target is told by the configuration, wherever they come from.
  check: { min: 0, max: Number.POSITIVE_INFINITY, text: '[url]' },
  run: { min: 0, max: Number.POSITIVE_INFINITY, text: '[url…]' },
  status: none,
  'preflight client': none,
  'preflight gateway': none,
  'preflight compare': none,
  'watch-rotation': { min: 0, max: Number.POSITIVE_INFINITY, text: '[url…]' },
  home: none,
  'home list': none,
  'home probe-now': none,
  bundle: { min: 0, max: Number.POSITIVE_INFINITY, text: '[url…]' },
  show: { min: 1, max: 1, text: '<file>', candidates: 'files' },
  explain: { min: 1, max: 1, text: '<alert or cause>' },
  schema: none,
  demo: none,
  completion: { min: 1, max: 1, text: '<bash, zsh or fish>', candidates: shells },
  man: none,
  licenses: none,
  version: none,
};
