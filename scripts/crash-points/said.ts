/** What the lives of one state directory said before each ended, read back from their lines. */
import { receivers } from './receivers.ts';

export interface Said {
  /** Of every report that was added, the number that it was given. */
  readonly numbers: ReadonlyMap<string, number>;
  /** Numbers that were given twice. */
  readonly twice: readonly number[];
  /** Begun last, and never said to be done. */
  readonly underWay: string | undefined;
  /** Of each receiver, what it was given, and of that, what the spool was told that it has. */
  readonly delivered: ReadonlyMap<string, ReadonlySet<string>>;
  readonly acknowledged: ReadonlyMap<string, ReadonlySet<string>>;
  readonly agentIds: ReadonlySet<string>;
  /** The last life whose baseline, and whose warnings, were said to be kept. */
  readonly baseline: string | undefined;
  readonly warned: string | undefined;
  /** Of lives whose state was in memory alone. */
  readonly unkept: boolean;
  readonly setAside: boolean;
}

export interface Line {
  readonly what: string;
  readonly id?: string;
  readonly ids?: readonly string[];
  readonly name?: string;
  readonly sequence?: number;
  readonly durable?: boolean;
  readonly setAside?: string;
  readonly life?: string;
}

export function linesOf(stdout: string): readonly Line[] {
  return stdout
    .split('\n')
    .filter((line) => line.endsWith('}'))
    .map((line) => JSON.parse(line) as Line);
}

export function heard(lines: readonly Line[]): Said {
  const added = lines.filter(({ what }) => what === 'added');
  const given = added.map(({ sequence = -1 }) => sequence);
  const last = lines.at(-1);
  const opened = lines.filter(({ what }) => what === 'opened');
  const lastLife = (kind: string) => lines.findLast(({ what }) => what === kind)?.life;
  return {
    numbers: new Map(added.map(({ id = '', sequence = -1 }) => [id, sequence])),
    twice: given.filter((number, index) => given.indexOf(number) !== index),
    underWay: last?.what === 'adding' ? last.id : undefined,
    delivered: byReceiver('delivered', lines),
    acknowledged: byReceiver('acknowledged', lines),
    agentIds: new Set(lines.flatMap(({ what, id }) => (what === 'agent' && id ? [id] : []))),
    baseline: lastLife('baseline'),
    warned: lastLife('warned'),
    unkept: opened.some(({ durable }) => durable === false),
    setAside: opened.some(({ setAside }) => setAside !== undefined),
  };
}

function byReceiver(
  kind: string,
  lines: readonly Line[],
): ReadonlyMap<string, ReadonlySet<string>> {
  const batches = lines.filter(({ what }) => what === kind);
  const idsOf = (receiver: string) =>
    batches.flatMap(({ name, ids = [] }) => (name === receiver ? ids : []));
  return new Map(receivers.map((receiver) => [receiver, new Set(idsOf(receiver))]));
}
