/** The simulated agents: they look when the real retry rules say so, and report when a real agent would. */
import { isoTime } from '../../src/base/clock.ts';
import type { ClientCertificateSeen } from '../../src/evidence/evidence.ts';
import { type AgentIdentity, type Report, withSequence } from '../../src/report/report.ts';
import { initialDelay } from '../../src/retry/backoff.ts';
import {
  type AttemptClass,
  initialRetryState,
  nextDelay,
  type RetryState,
} from '../../src/retry/decide-delay.ts';
import { certificateOf, heldAs, reportOn, type Seen } from './conditions.ts';
import { type Dice, diceOf } from './dice.ts';
import { durationMs, type Node, type Scenario } from './scenario.ts';
import { drawSpells, type Spell } from './world.ts';

/** One report on its way home. */
export interface Sent {
  readonly source: string;
  /** When it arrives, milliseconds since 1970. */
  readonly arrivesMs: number;
  readonly report: Report;
}

export interface Look {
  readonly atMs: number;
  readonly agent: number;
  readonly accepted: boolean;
  /** The first accepted look after others, or the first other look after accepted ones. */
  readonly isTurn: boolean;
}

interface Agent {
  readonly index: number;
  readonly identity: AgentIdentity;
  readonly source: string;
  readonly node: Node;
  readonly spells: readonly Spell[];
  /** Its first one, and each that took the place of one that had expired. */
  readonly certificates: readonly Held[];
  retry: RetryState;
  said: Seen | undefined;
  saidAtMs: number;
  attempts: number;
  repeats: number;
  sequence: number;
  failingSinceMs: number | undefined;
  /** Its baseline: when it was accepted last. */
  acceptedMs: number | undefined;
  acceptedSinceMs: number | undefined;
  /** Replaced by another of the same name, so often. */
  generation: number;
  waiting: Report[];
}

interface Held {
  /** From when on, milliseconds since 1970. */
  readonly fromMs: number;
  readonly certificate: ClientCertificateSeen;
}

export interface SimulatedFleet {
  /** What arrives and what was looked at in this second; to be called for each second in turn. */
  second(nowMs: number): { readonly sent: readonly Sent[]; readonly looks: readonly Look[] };
  readonly accountOf: (agent: number) => number;
}

export function simulateFleet(scenario: Scenario, count: number, seed: number): SimulatedFleet {
  const dice = diceOf(seed);
  const startMs = Date.parse(scenario.start);
  const accounts = Math.min(scenario.accounts, Math.max(Math.floor(count / 5), 1));
  const accountOf = (agent: number): number => agent % accounts;
  const spells = drawSpells(scenario, count, accountOf, dice);
  const agents = spells.map((own, index) =>
    makeAgent(scenario, index, accountOf(index), own, dice),
  );
  const rhythm = {
    intervalMs: durationMs(scenario.interval),
    heartbeatMs: durationMs(scenario.heartbeat),
  };
  const looksDue = new Map<number, (readonly [agent: Agent, atMs: number])[]>();
  const arrivals = new Map<number, Sent[]>();
  const templates = new Map<string, Report>();
  for (const agent of agents) {
    // The fleet has been running for long: its looks and heartbeats are spread evenly.
    agent.saidAtMs = startMs - dice.fraction() * rhythm.heartbeatMs;
    const dueMs = startMs + dice.fraction() * rhythm.intervalMs;
    if (agent.acceptedMs !== undefined) agent.acceptedMs = dueMs - rhythm.intervalMs;
    plan(looksDue, agent, dueMs);
  }

  function look(agent: Agent, atMs: number): Look | undefined {
    const spell = spellAt(agent, atMs);
    if (spell && isAbsence(spell)) {
      restart(agent, spell.what === 'replaced');
      plan(looksDue, agent, Math.max(spell.untilMs, atMs + 1_000) + initialDelay(dice.fraction()));
      return undefined;
    }
    const seen = seenIn(spell);
    const accepted = seen === 'accepted';
    const isTurn = agent.said !== undefined && (agent.said === 'accepted') !== accepted;
    agent.attempts += 1;
    if (accepted) agent.acceptedSinceMs ??= atMs;
    else agent.acceptedSinceMs = undefined;
    const { state, delayMs } = nextDelay(
      agent.retry,
      classOf(seen, agent.node, atMs - (agent.acceptedSinceMs ?? atMs)),
      rhythm.intervalMs,
      dice.fraction(),
    );
    agent.retry = state;
    tell(agent, seen, atMs, spell);
    plan(looksDue, agent, accepted ? skipDull(agent, atMs, delayMs) : atMs + delayMs);
    return { atMs, agent: agent.index, accepted, isTurn };
  }

  /** Looks that would only be counted are not made one by one. */
  function skipDull(agent: Agent, atMs: number, intervalMs: number): number {
    const next = agent.spells.find(({ fromMs }) => fromMs > atMs);
    const boundaryMs = next?.fromMs ?? Infinity;
    const wantedMs = Math.min(agent.saidAtMs + rhythm.heartbeatMs, boundaryMs);
    const steps = Math.max(Math.ceil((wantedMs - atMs) / intervalMs), 1);
    agent.acceptedMs = atMs + (steps - 1) * intervalMs;
    agent.repeats += steps - 1;
    const dueMs = atMs + steps * intervalMs;
    // A process ends when it ends, and not when it looks.
    return next && isAbsence(next) ? Math.min(dueMs, next.fromMs) : dueMs;
  }

  function tell(agent: Agent, seen: Seen, atMs: number, spell: Spell | undefined): void {
    const isNew = agent.said !== seen;
    if (!isNew && atMs - agent.saidAtMs < rhythm.heartbeatMs) {
      agent.repeats += 1;
      return;
    }
    const report = reportOf(agent, seen, atMs, isNew);
    agent.said = seen;
    agent.saidAtMs = atMs;
    agent.repeats = 0;
    agent.waiting.push(report);
    if (spell?.cutFromHome) return;
    const arrivesMs = atMs + 50 + dice.fraction() * 1_500;
    for (const waiting of agent.waiting.splice(0)) {
      const second = Math.floor(arrivesMs / 1_000);
      const there = arrivals.get(second);
      const sent = { source: agent.source, arrivesMs, report: waiting };
      if (there) there.push(sent);
      else arrivals.set(second, [sent]);
    }
  }

  function reportOf(agent: Agent, seen: Seen, atMs: number, isNew: boolean): Report {
    const template = templateOf(agent, seen, atMs);
    const failedSinceMs = remember(agent, seen === 'accepted', atMs);
    agent.sequence += 1;
    const { failingSinceMs, attempts, repeats } = agent;
    const stamped: Report = {
      ...template,
      ...heldAs(certificateAt(agent, atMs)),
      id: idOf(agent),
      time: isoTime(atMs),
      runId: agent.source.slice(-36),
      event: isNew ? 'state-changed' : 'heartbeat',
      agent: agent.identity,
      attempt: {
        number: attempts,
        ...(failingSinceMs !== undefined && { failingSince: isoTime(failingSinceMs) }),
        ...(failedSinceMs !== undefined && { failedSince: isoTime(failedSinceMs) }),
        repeats,
      },
    };
    return withSequence(stamped, agent.sequence);
  }

  /** Diagnosing takes long: those who say the same in the same words share it, and the times in them are minutes. */
  function templateOf(agent: Agent, seen: Seen, atMs: number): Report {
    const { node, acceptedMs } = agent;
    const certificate = certificateAt(agent, atMs);
    const looking = {
      node,
      certificate,
      time: isoTime(atMs),
      ...(acceptedMs !== undefined && {
        accepted: { time: isoTime(acceptedMs), certificate: certificateAt(agent, acceptedMs) },
      }),
    };
    if (agent.certificates.length > 1) return reportOn(seen, looking);
    const key = [
      ...[seen, node, looking.time.slice(0, 10)],
      seen === 'accepted' ? acceptedMs !== undefined : looking.accepted?.time.slice(0, 16),
    ].join(' ');
    if (templates.size > maxTemplates) templates.clear();
    const template = templates.get(key) ?? reportOn(seen, looking);
    templates.set(key, template);
    return looking.accepted ? { ...template, lastAcceptedAt: looking.accepted.time } : template;
  }

  return {
    accountOf,
    second: (nowMs) => {
      const second = Math.floor(nowMs / 1_000);
      const due = looksDue.get(second) ?? [];
      looksDue.delete(second);
      const looks = due
        .toSorted(([, one], [, other]) => one - other)
        .flatMap(([agent, atMs]) => look(agent, atMs) ?? []);
      const sent = arrivals.get(second) ?? [];
      arrivals.delete(second);
      return { sent: sent.toSorted((one, other) => one.arrivesMs - other.arrivesMs), looks };
    },
  };
}

/** Of one minute, not many times those that there can be. */
const maxTemplates = 10_000;

function makeAgent(
  { nodes, withoutBaseline = 0 }: Scenario,
  index: number,
  account: number,
  spells: readonly Spell[],
  dice: Dice,
): Agent {
  const name = `delegate-${index}`;
  return {
    index,
    identity: {
      name: 'sidelight',
      version: '0.1.0',
      id: uuidOf(index, 0),
      host: `${name}.account-${account}.example`,
      delegate: { name, account: `account-${account}` },
    },
    source: `urn:sidelight:agent:${uuidOf(index, 0)}`,
    node: nodes[index % nodes.length] ?? 'openssl',
    spells,
    certificates: certificatesOf(name, spells),
    retry: initialRetryState,
    said: 'accepted',
    saidAtMs: 0,
    attempts: 0,
    repeats: 0,
    sequence: 0,
    failingSinceMs: undefined,
    acceptedMs: dice.fraction() >= withoutBaseline ? 0 : undefined,
    acceptedSinceMs: undefined,
    generation: 0,
    waiting: [],
  };
}

/** One that expires is replaced when its trouble ends. */
function certificatesOf(name: string, spells: readonly Spell[]): readonly Held[] {
  const expired = spells.filter(({ what }) => what === 'certificate-expired');
  return [{ untilMs: Number.NEGATIVE_INFINITY }, ...expired].map(({ untilMs }, index) => {
    const next = expired[index];
    const notAfter = next && isoTime(Math.floor(next.fromMs / 1_000 - 1) * 1_000);
    return { fromMs: untilMs, certificate: certificateOf(name, index + 1, notAfter) };
  });
}

function certificateAt({ certificates }: Agent, atMs: number): ClientCertificateSeen {
  const held = certificates.findLast(({ fromMs }) => fromMs <= atMs) ?? certificates[0];
  if (!held) throw new Error('an agent without a certificate');
  return held.certificate;
}

/** Gives since when it had failed, where that has an end now. */
function remember(agent: Agent, accepted: boolean, atMs: number): number | undefined {
  const { failingSinceMs } = agent;
  agent.failingSinceMs = accepted ? undefined : (failingSinceMs ?? atMs);
  if (!accepted) return undefined;
  agent.acceptedMs = atMs;
  return failingSinceMs;
}

function restart(agent: Agent, isReplaced: boolean): void {
  agent.retry = initialRetryState;
  agent.said = undefined;
  agent.attempts = 0;
  agent.repeats = 0;
  agent.failingSinceMs = undefined;
  agent.acceptedSinceMs = undefined;
  if (!isReplaced) return;
  agent.generation += 1;
  agent.sequence = 0;
  agent.acceptedMs = undefined;
  const id = uuidOf(agent.index, agent.generation);
  const renewed = agent as { -readonly [Name in keyof Agent]: Agent[Name] };
  renewed.identity = { ...agent.identity, id };
  renewed.source = `urn:sidelight:agent:${id}`;
}

function isAbsence({ what }: Spell): boolean {
  return what === 'down' || what === 'replaced';
}

function seenIn(spell: Spell | undefined): Seen {
  const { what = 'accepted' } = spell ?? {};
  return what === 'down' || what === 'replaced' ? 'accepted' : what;
}

/** The last that began holds. */
function spellAt({ spells }: Agent, atMs: number): Spell | undefined {
  return spells.findLast(({ fromMs, untilMs }) => fromMs <= atMs && atMs < untilMs);
}

function classOf(seen: Seen, node: Node, heldMs: number): AttemptClass {
  if (seen === 'accepted') return { kind: 'accepted', heldMs };
  if (seen === 'no-upstream') return { kind: node === 'openssl' ? 'refused' : 'overloaded' };
  return { kind: seen === 'way-lost' || seen === 'names-lost' ? 'failed' : 'refused' };
}

function plan(due: Map<number, (readonly [Agent, number])[]>, agent: Agent, atMs: number): void {
  const second = Math.floor(atMs / 1_000);
  const there = due.get(second);
  if (there) there.push([agent, atMs]);
  else due.set(second, [[agent, atMs]]);
}

function uuidOf(index: number, generation: number): string {
  const hex = (value: number, length: number): string => value.toString(16).padStart(length, '0');
  return `${hex(index, 8)}-${hex(generation, 4)}-7000-8000-000000000000`;
}

function idOf({ index, generation, sequence }: Agent): string {
  return `${uuidOf(index, generation).slice(0, 24)}${sequence.toString(16).padStart(12, '0')}`;
}
