/** Whom home notifies: URLs given one by one, and a file of them, so that a URL that is a secret stands on no command line. */
import { errorCode, type Problem } from '../base/cannot-run.ts';
import { sanitise } from '../base/sanitise.ts';
import type { ProxyConfig } from './config.ts';
import { type NotifyReceiver, namedReceivers, parseNotifyUrl } from './notify-receiver.ts';
import { checkOwnFile } from './own-files.ts';
import { type Findings, type Setting, type Sources, settle } from './settings.ts';

export interface NotifyConfig {
  readonly receivers: readonly NotifyReceiver[];
  /** PEM; in place of Node's own trust anchors. */
  readonly caPath?: string;
  /** For receivers beyond this machine. */
  readonly proxy?: ProxyConfig;
}

type Unnamed = Omit<NotifyReceiver, 'name'> & { readonly name?: string };

type ReadFile = (path: string) => string;

/** Undefined when nobody is to be notified. What is wrong is pushed to the findings. */
export function loadNotify(
  readFile: ReadFile,
  sources: Sources,
  findings: Findings,
): NotifyConfig | undefined {
  const { problems } = findings;
  const urls = settle('notify', sources, findings);
  const file = settle('notifyFile', sources, findings);
  const secret = settle('notifySecretFile', sources, findings);
  const ca = settle('notifyCa', sources, findings);
  const proxy = settle('notifyProxy', sources, findings)?.value;
  const secretPath = checkOwnFile('secrets', secret, { readFile, problems });
  const caPath = checkOwnFile('certificate', ca, { readFile, problems });
  const given = [
    ...(urls ? fromUrls(urls, problems) : []),
    ...(file ? fromFile(file, readFile, problems) : []),
  ];
  for (const { origin: where } of [secret, ca].filter((each) => each !== undefined)) {
    if (urls || file) continue;
    problems.push({ where, what: 'is given and nobody is notified', expected: '--notify URL' });
  }
  if (given.length === 0) return undefined;
  const signed = given.map((receiver) => ({
    ...(secretPath !== undefined && { secretPath }),
    ...receiver,
  }));
  return {
    receivers: namedReceivers(signed),
    ...(caPath !== undefined && { caPath }),
    ...(proxy !== undefined && proxy !== 'none' && { proxy }),
  };
}

const expected =
  '[cloudevents+|alertmanager+|slack+|teams+]https://HOST[:PORT][/PATH]; http:// only to this machine';

function fromUrls(
  { value, origin: where }: Setting<readonly string[]>,
  problems: Problem[],
): readonly Unnamed[] {
  return value.flatMap((text) => {
    const parsed = parseNotifyUrl(text);
    if ('url' in parsed) return [parsed];
    problems.push({ where, what: parsed.what, expected });
    return [];
  });
}

/** `NAME [FORMAT+]URL [SECRET-FILE]` a line. */
function fromFile(
  { value: path, origin: where }: Setting<string>,
  readFile: ReadFile,
  problems: Problem[],
): readonly Unnamed[] {
  const text = readText(path, readFile);
  if ('code' in text) {
    const what = `cannot read "${sanitise(path)}" (${text.code})`;
    problems.push({ where, what, expected: 'a readable file with NAME URL a line' });
    return [];
  }
  const names = new Set<string>();
  return text.lines.flatMap((line, index) => {
    const receiver = parseLine(line);
    if (!receiver) return [];
    const at = `${where}: line ${index + 1}`;
    const what = 'what' in receiver ? receiver.what : takenFault(receiver.name, names);
    if (what !== undefined) {
      problems.push({ where: at, what, expected: `NAME ${expected}` });
      return [];
    }
    if ('what' in receiver) return [];
    checkOwnFile('secrets', secretSetting(receiver, at), { readFile, problems });
    return [receiver];
  });
}

function readText(
  path: string,
  readFile: ReadFile,
): { readonly lines: readonly string[] } | { readonly code: string } {
  try {
    return { lines: readFile(path).split('\n') };
  } catch (error) {
    return { code: errorCode(error) };
  }
}

function parseLine(
  line: string,
): (Unnamed & { readonly name: string }) | { readonly what: string } | undefined {
  if (/^\s*(?:#|$)/.test(line)) return undefined;
  const [name = '', url = '', secretPath, ...more] = line.trim().split(/\s+/);
  if (!/^[A-Za-z0-9._-]{1,80}$/.test(name)) return { what: 'begins with no name' };
  if (more.length > 0) return { what: 'holds more than name, URL and secret file' };
  const parsed = parseNotifyUrl(url);
  if ('what' in parsed) return parsed;
  return { ...parsed, name, ...(secretPath !== undefined && { secretPath }) };
}

function takenFault(name: string, names: Set<string>): string | undefined {
  if (names.has(name)) return 'has a name that stands there twice';
  names.add(name);
  return undefined;
}

function secretSetting({ secretPath }: Unnamed, origin: string): Setting<string> | undefined {
  return secretPath === undefined ? undefined : { value: secretPath, origin };
}
