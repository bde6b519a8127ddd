/**
 * One setting after another, by precedence: option, `SIDELIGHT_*`, configuration file, the delegate's
 * environment, default. What is wrong is collected, and so is where each value came from.
 */
import type { Problem } from '../base/cannot-run.ts';
import type { SettingOrigin } from './config.ts';
import type { ConfigFile, FileValue } from './config-file.ts';
import { type Environment, said } from './delegate-environment.ts';
import { type CommandName, type KindValues, variableOf } from './option.ts';
import {
  defaultOf,
  type KindOf,
  type OptionName,
  optionFor,
  optionSpec,
  options,
} from './options.ts';
import { parseValue, type Raw } from './parse-value.ts';

/** Values from the command line, by name in the option table. */
export type GivenOptions = Readonly<Partial<Record<OptionName, Raw>>>;

export interface Sources {
  readonly command: CommandName;
  readonly given: GivenOptions;
  readonly env: Environment;
  readonly file?: ConfigFile;
}

export interface Findings {
  readonly problems: Problem[];
  readonly origins: SettingOrigin[];
}

/** A value with what said it, for messages about it. */
export interface Setting<Value> {
  readonly value: Value;
  readonly origin: string;
}

/** Where to look for one setting. */
export interface Place {
  /** Index in the file's `targets`, for a setting of that target. */
  readonly fileTarget?: number;
  /** Index in the file's `homes`: only that entry speaks of it. */
  readonly fileHome?: number;
  /** The name in `--show-config`: `targets[0].cert`; the option's own name when absent. */
  readonly as?: string;
  /** Below our own sources and above the default. */
  readonly otherwise?: FileValue;
  /** Where else it was looked for in vain, in words. */
  readonly looked?: string;
}

/** Undefined when nobody said anything, or what was said is a problem. */
export function settle<Name extends OptionName>(
  name: Name,
  sources: Sources,
  findings: Findings,
  place: Place = {},
): Setting<KindValues[KindOf<Name>]> | undefined {
  const setting = place.as ?? name;
  const found = find(name, sources, place);
  if (!found) {
    const { looked } = place;
    const origin = looked === undefined ? 'not set' : `not set; ${looked}`;
    findings.origins.push({ setting, value: '', origin });
    return undefined;
  }
  const { raw, origin } = found;
  const kind: KindOf<Name> = options[name].kind;
  const parsed = parseValue(kind, raw, optionFor(name, sources.command));
  if ('value' in parsed) {
    findings.origins.push({ setting, value: parsed.printable, origin });
    return { value: parsed.value, origin };
  }
  const { what, expected } = parsed;
  findings.problems.push({ where: origin, what, expected });
  findings.origins.push({ setting, value: '', origin: `${origin}: ${what}` });
  return undefined;
}

/** Whether one of our own sources, not the delegate's, says something. */
export function isSaid(name: OptionName, sources: Sources, place: Place = {}): boolean {
  return findOurs(name, sources, place) !== undefined;
}

function find(name: OptionName, sources: Sources, place: Place): FileValue | undefined {
  const ours = findOurs(name, sources, place) ?? place.otherwise;
  if (ours) return ours;
  const raw = defaultOf(name, sources.command);
  return raw === undefined ? undefined : { raw, origin: 'default' };
}

function findOurs(
  name: OptionName,
  { given, env, file }: Sources,
  { fileTarget, fileHome }: Place,
): FileValue | undefined {
  if (fileHome !== undefined) return file?.homes[fileHome]?.values[name];
  const option = optionSpec(name);
  const raw = given[name];
  if (raw !== undefined) return { raw, origin: `--${option.flag}` };
  const variable = variableOf(option);
  const text = variable === undefined ? undefined : said(env, variable);
  if (variable !== undefined && text !== undefined) return { raw: text, origin: variable };
  const ofTarget = fileTarget === undefined ? undefined : file?.targets[fileTarget]?.values[name];
  return ofTarget ?? file?.top[name];
}
