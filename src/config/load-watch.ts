/** The settings of `sidelight watch-rotation`: what is watched, for how long, and how the verdict is told. */
import { isIP } from 'node:net';
import { CannotRun } from '../base/cannot-run.ts';
import type { Config } from './config.ts';
import { type LoadInput, loadConfig } from './load-config.ts';
import { loadTelling, type Telling } from './load-preflight.ts';
import { quoted } from './parsed.ts';
import { type Findings, type Sources, settle } from './settings.ts';

export interface WatchConfig extends Telling {
  readonly config: Config;
  readonly forMs: number;
  /** Dialled in place of what a target says, each watched by itself; `all`: what its host resolves to at the beginning. */
  readonly addresses?: WatchedAddresses;
}

export type WatchedAddresses = readonly string[] | 'all';

/** Each is a handshake for every interval. */
const maxAddresses = 64;

/** Throws CannotRun with every problem. */
export function loadWatch(input: LoadInput): WatchConfig {
  const { command, options: given, env, problems = [] } = input;
  const findings: Findings = { problems: [...problems], origins: [] };
  const sources = { command, given, env };
  const span = settle('for', sources, findings);
  const addresses = loadAddresses(sources, findings);
  const telling = loadTelling(sources, findings);
  const config = loadConfig({ ...input, problems: findings.problems });
  if (!span || !telling) throw new CannotRun(findings.problems);
  return { ...telling, config, forMs: span.value, ...(addresses && { addresses }) };
}

function loadAddresses(sources: Sources, findings: Findings): WatchedAddresses | undefined {
  const setting = settle('watchAddress', sources, findings);
  if (!setting) return undefined;
  const { value, origin: where } = setting;
  if (value.length === 1 && value[0] === 'all') return 'all';
  const addresses = value.map((text) => text.replace(/^\[(.*)\]$/, '$1'));
  const expected = `all, or at most ${maxAddresses} addresses, IPv4 or IPv6, separated by commas`;
  const wrong = addresses.find((text) => isIP(text) === 0);
  if (wrong !== undefined) {
    findings.problems.push({ where, what: `${quoted(wrong)} is no IP address`, expected });
  } else if (addresses.length > maxAddresses) {
    findings.problems.push({ where, what: `names ${addresses.length} addresses`, expected });
  }
  return [...new Set(addresses)];
}
