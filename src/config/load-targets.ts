/** The targets: who named them, and how each is reached. */
import type { Problem } from '../base/cannot-run.ts';
import { mayHoldUserinfo } from '../base/dissect-url.ts';
import { unshown } from '../base/secret.ts';
import type { TargetConfig } from './config.ts';
import type { ConfigFile } from './config-file.ts';
import { delegateTarget, managerVariables, said } from './delegate-environment.ts';
import type { AgentSources } from './delegate-sources.ts';
import type { LoadInput } from './load-config.ts';
import { loadTarget } from './load-target.ts';
import { targetsVariable } from './misspelled-variables.ts';
import { parseValue } from './parse-value.ts';
import { expectedOf } from './parsed.ts';
import type { Findings } from './settings.ts';
import { targetOption } from './target-option.ts';

/** A target before its settings are known. */
export interface NamedTarget {
  readonly url: URL;
  /** Its entry in the configuration file, whose settings apply. */
  readonly fileTarget?: number;
}

/** Stands for a URL that is a problem; never looked at. */
const unknownUrl = (): URL => new URL('https://unknown.invalid/');

/** Of use only without problems. */
export function loadTargets(
  input: LoadInput,
  sources: AgentSources,
  findings: Findings,
): readonly TargetConfig[] {
  const before = findings.problems.length;
  const named = nameTargets(input, sources, findings);
  const isTold = findings.problems.length > before || sources.file?.isFaulty === true;
  if (named.length === 0 && !isTold) {
    const problem = noTarget(input, sources, findings);
    findings.problems.push(problem);
    findings.origins.unshift({ setting: 'targets[0].url', value: '', origin: problem.what });
  }
  if (input.command === 'check' && named.length > 1) findings.problems.push(tooMany(named));
  // Settings of a target that is not known are looked at all the same, so that every problem is told at once.
  const looked = named.length > 0 ? named : [{ url: unknownUrl() }];
  return looked.map((target, index) => loadTarget(target, index, input, sources, findings));
}

function nameTargets(
  input: LoadInput,
  { file, delegate }: AgentSources,
  findings: Findings,
): readonly NamedTarget[] {
  const { urls, env } = input;
  const listed = said(env, targetsVariable)?.split(/\s+/) ?? [];
  const ours =
    urls.length > 0
      ? urls.map((text) => ({ text, origin: 'argument' }))
      : listed.map((text) => ({ text, origin: targetsVariable }));
  const inFile =
    file?.targets.map(({ url }) => ({ text: String(url.raw), origin: url.origin })) ?? [];
  const chosen = ours.length > 0 ? ours : inFile;
  if (chosen.length === 0) return nameDelegateTarget(delegate, findings);
  const tornPassword = chosen === ours && urls.length === 0 ? tornIn(listed) : undefined;
  if (tornPassword) return withRow(tornPassword, findings);
  return chosen.map(({ text, origin }, index) => {
    const setting = `targets[${index}].url`;
    const parsed = parseValue('targetUrl', text, targetOption);
    if ('what' in parsed) {
      const { what, expected } = parsed;
      findings.problems.push({ where: origin, what, expected });
      findings.origins.push({ setting, value: '', origin: `${origin}: ${what}` });
      return { url: unknownUrl(), ...(chosen === inFile && { fileTarget: index }) };
    }
    const { value: url, printable: value } = parsed;
    findings.origins.push({ setting, value, origin });
    const found =
      chosen === inFile ? index : (file?.targets ?? []).findIndex((entry) => isOf(entry, url));
    return { url, ...(found >= 0 && { fileTarget: found }) };
  });
}

/** No target, and a row for the table that says why. */
function withRow(problem: Problem, { problems, origins }: Findings): readonly [] {
  problems.push(problem);
  const origin = `${problem.where}: ${problem.what}`;
  origins.push({ setting: 'targets[0].url', value: '', origin });
  return [];
}

/** A password with a space in it: its parts look like targets, and no one must see or dial them. */
function tornIn(listed: readonly string[]): Problem | undefined {
  if (listed.length < 2 || !listed.some(mayHoldUserinfo)) return undefined;
  return {
    where: targetsVariable,
    what: `holds a user or password, which is never sent (${unshown(listed.join(' '))})`,
    expected: expectedOf(targetOption),
  };
}

function nameDelegateTarget(
  delegate: AgentSources['delegate'],
  findings: Findings,
): readonly NamedTarget[] {
  const problems: Problem[] = [];
  const found = delegateTarget(delegate, problems);
  if (!found) return problems.flatMap((problem) => withRow(problem, findings));
  const { url, printable: value, origin } = found;
  findings.origins.push({ setting: 'targets[0].url', value, origin });
  return [{ url }];
}

/** Whether an entry of the configuration file is about this gateway. */
export function isOf(entry: ConfigFile['targets'][number], url: URL): boolean {
  const parsed = parseValue('targetUrl', entry.url.raw, targetOption);
  return 'value' in parsed && parsed.value.href === url.href;
}

/** Names every place, so that whoever reads it need not ask where else one could be said. */
function noTarget({ command }: LoadInput, { file }: AgentSources, { origins }: Findings): Problem {
  const ofFile = file
    ? `"targets" in ${file.path} (none)`
    : 'a configuration file (none given by --config)';
  const delegateFile = origins.find(({ setting }) => setting === 'delegateEnv')?.value;
  const ofDelegate = delegateFile
    ? `${delegateFile} and the environment`
    : "the environment; the delegate's, where it is another, can be given by --delegate-env";
  return {
    where: 'target',
    what: `no target is named; looked at the arguments (none), ${targetsVariable} (not set), ${ofFile}, and for ${managerVariables.join(' or ')} (not set) in ${ofDelegate}`,
    expected: `the gateway's URL, such as: sidelight ${command} https://gateway.example.com:8443`,
  };
}

function tooMany(named: readonly NamedTarget[]): Problem {
  return {
    where: 'target',
    what: `check looks at one target, and ${named.length} are named`,
    expected: 'one URL as argument; run watches many',
  };
}
