/**
 * What an agent should have said, look by look: written from the README and docs/events.md, and from nothing of the
 * agent. It keeps what a reader of the reports would have to know, and is asked before each look's report is compared.
 */
import type { CertificateSeen } from '../../src/evidence/evidence.ts';
import type { LookSeen } from './world.ts';

/** `events`: any of them may name it, where several things changed at once; empty: no report is due. */
export interface Expected {
  readonly events: readonly string[];
  /** Whether the look says what the last report said: only another cause would make it news. */
  readonly isRepeat: boolean;
  readonly number: number;
  readonly repeats: number;
  readonly failingSince: string | undefined;
  readonly failedSince: string | undefined;
}

interface Life {
  looks: number;
  said: string | undefined;
  saidAtMs: number;
  repeats: number;
  failingSince: string | undefined;
  /** What was told of new files last. */
  toldOfFiles: string | undefined;
}

const newLife = (): Life => ({
  looks: 0,
  said: undefined,
  saidAtMs: 0,
  repeats: 0,
  failingSince: undefined,
  toldOfFiles: undefined,
});

const dayMs = 86_400_000;
const heartbeatMs = 300_000;

export class Model {
  #life = newLife();
  #lastAccepted: LookSeen | undefined;
  /** Outlive the agent. */
  readonly #stepsTold = new Set<string>();
  #warningsTold: ReadonlySet<string> = new Set();

  /** The agent was started anew. */
  begin(): void {
    this.#life = newLife();
  }

  /** What is due before a look that uses files which were replaced since the one before. */
  expectOfFiles({ client, time, isLocal }: LookSeen): readonly string[] {
    const life = this.#life;
    if (life.looks === 0 || isLocal || !client) return [];
    const event = faultOfFiles(client, Date.parse(time));
    const told = event && `${event} ${client.sha256}`;
    const isNews = told !== life.toldOfFiles;
    life.toldOfFiles = told;
    return event !== undefined && isNews ? [event] : [];
  }

  /** Takes the next look in, and gives what is due for it. */
  expect(look: LookSeen): Expected {
    const life = this.#life;
    const isAccepted = !look.isLocal && look.condition.outcome === 'accepted';
    const said = wordsOf(look);
    const isRepeat = said === life.said;
    const failedSince = isAccepted ? life.failingSince : undefined;
    const failingSince = isAccepted ? undefined : (life.failingSince ?? look.time);
    const due = isRepeat ? this.#repeated(look, isAccepted) : this.#changed(look, isAccepted);
    life.looks += 1;
    const expected = { events: due, isRepeat, number: life.looks, repeats: life.repeats };
    life.failingSince = failingSince;
    life.said = said;
    if (isAccepted) this.#lastAccepted = look;
    return { ...expected, failingSince, failedSince };
  }

  /** Told whether there was a report; whether it was due is judged elsewhere. */
  reported(look: LookSeen, wasReported: boolean): void {
    const life = this.#life;
    life.repeats = wasReported ? 0 : life.repeats + 1;
    if (wasReported) life.saidAtMs = look.endedMs;
  }

  #changed(look: LookSeen, isAccepted: boolean): readonly string[] {
    if (look.isLocal) return ['credential-unusable'];
    if (!isAccepted) return [`target-${look.condition.outcome}`];
    this.#keepStanding(look);
    if (this.#life.failingSince !== undefined) return ['target-recovered'];
    const changes = changesBetween(this.#lastAccepted, look);
    return changes.length > 0 ? changes : ['target-accepted'];
  }

  #repeated(look: LookSeen, isAccepted: boolean): readonly string[] {
    const news = isAccepted ? this.#newWarnings(look) : [];
    if (news.length > 0) return news;
    if (look.endedMs - this.#life.saidAtMs < heartbeatMs) return [];
    return [isAccepted ? 'heartbeat' : 'target-still-failing'];
  }

  /** A warning that went away may come again; a step to an expiry never. */
  #keepStanding(look: LookSeen): void {
    const present = plainWarnings(look, this.#lastAccepted);
    this.#warningsTold = new Set(present.filter((each) => this.#warningsTold.has(each)));
  }

  #newWarnings(look: LookSeen): readonly string[] {
    const plain = plainWarnings(look, this.#lastAccepted);
    const freshPlain = plain.filter((each) => !this.#warningsTold.has(each));
    this.#warningsTold = new Set(plain);
    const steps = [stepOf(look.client, look), stepOf(look.server, look)].flatMap((it) => it ?? []);
    const freshSteps = steps.filter((each) => !this.#stepsTold.has(each));
    for (const each of freshSteps) this.#stepsTold.add(each);
    if (freshSteps.length > 0) return ['certificate-expiring'];
    return freshPlain.length > 0 ? ['warning-raised'] : [];
  }
}

/** What a look says: outcome, cause or alert, and certificates, as far as they were seen. */
function wordsOf({ condition, isLocal, server, authorities, client }: LookSeen): string {
  const ours = client?.sha256 ?? '';
  if (isLocal) return `local ${ours}`;
  const theirs = condition.isSeen ? `${server.sha256} ${authorities}` : '';
  return `${condition.says ?? condition.name} ${ours} ${theirs}`;
}

function changesBetween(before: LookSeen | undefined, now: LookSeen): readonly string[] {
  if (!before) return [];
  return [
    ...(before.server.sha256 === now.server.sha256 ? [] : ['server-certificate-changed']),
    ...(before.authorities === now.authorities ? [] : ['authorities-changed']),
    ...(before.client?.sha256 === now.client?.sha256 ? [] : ['client-certificate-changed']),
  ];
}

/** Of an accepted look: another answer than before, and our certificate over by our own clock. */
function plainWarnings(look: LookSeen, before: LookSeen | undefined): readonly string[] {
  const ended = Date.parse(look.client?.notAfter ?? '') <= Date.parse(look.time);
  const isOtherAnswer = before !== undefined && before.condition.status !== look.condition.status;
  return [
    ...(isOtherAnswer ? [`answer ${look.condition.status === 404 ? 404 : 'other'}`] : []),
    ...(ended ? ['ended'] : []),
  ];
}

/** The last step on the way to its end that a certificate has come to: 66 %, 90 %, 30, 14, 7, 1 days, within its last third. */
function stepOf(certificate: CertificateSeen | undefined, { time }: LookSeen): string | undefined {
  const fromMs = Date.parse(certificate?.notBefore ?? '');
  const toMs = Date.parse(certificate?.notAfter ?? '');
  const nowMs = Date.parse(time);
  if (!(nowMs < toMs)) return undefined;
  const thirdMs = fromMs + 0.66 * (toMs - fromMs);
  const moments = [
    thirdMs,
    fromMs + 0.9 * (toMs - fromMs),
    ...[30, 14, 7, 1].map((days) => toMs - days * dayMs),
  ];
  const behind = moments.filter((momentMs) => momentMs >= thirdMs && momentMs <= nowMs);
  return behind.length === 0 ? undefined : `${certificate?.sha256} ${Math.max(...behind)}`;
}

/** docs/preflight.md: it has ended, or two thirds of its life are over. */
function faultOfFiles({ notBefore = '', notAfter = '' }: CertificateSeen, nowMs: number) {
  const [fromMs, toMs] = [Date.parse(notBefore), Date.parse(notAfter)];
  if (nowMs >= toMs) return 'new-credential-broken';
  return nowMs - fromMs >= (2 / 3) * (toMs - fromMs) ? 'new-credential-warned' : undefined;
}
