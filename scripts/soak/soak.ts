/** One soak: a real agent in a simulated world, its reports held against the model look by look. */

import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { Agent } from '../../src/agent/agent.ts';
import { systemRandom } from '../../src/base/random.ts';
import type { Config } from '../../src/config/config.ts';
import { eventCodeOf } from '../../src/report/event.ts';
import type { Report } from '../../src/report/report.ts';
import type { Dice } from '../simulate/dice.ts';
import { authorities, conditionOf, type Deed, drawDeed, drawPause } from './deeds.ts';
import { Files } from './files.ts';
import { judgeLook } from './judge-look.ts';
import { Model } from './model.ts';
import { busiestHour, intervalMs, judgeExperiments, judgeGap, judgeWake, wakeMs } from './pace.ts';
import { type LookSeen, lookTimeoutMs, World } from './world.ts';

export interface SoakOptions {
  readonly directory: string;
  readonly lengthMs: number;
  readonly dice: Dice;
  readonly onFault: (fault: string) => void;
}

export interface SoakFigures {
  readonly looks: number;
  readonly deeds: number;
  readonly lives: number;
  readonly events: ReadonlyMap<string, number>;
  /** Looks whose cause became another while the gateway stayed the same. */
  readonly clearer: number;
  readonly experiments: number;
  readonly experimentsInBusiestHour: number;
  readonly attemptsInBusiestHour: number;
  readonly faults: number;
}

const startMs = Date.UTC(2026, 10, 23, 14);
const heartbeatMs = 300_000;

export async function soak(options: SoakOptions): Promise<SoakFigures> {
  const run = await SoakRun.begin(options);
  return run.play();
}

class SoakRun {
  readonly #options: SoakOptions;
  readonly #world: World;
  readonly #files: Files;
  readonly #model = new Model();
  readonly #events = new Map<string, number>();
  readonly #sequences: number[] = [];
  readonly #ids = new Set<string>();
  #wokenMs: number[] = [];
  #agent: Agent;
  #pending: Report[] = [];
  #isNewCredential = false;
  #stormUntilMs = 0;
  #judged = 0;
  #looksBefore = 0;
  #experimentsBefore = 0;
  #lastCause: string | undefined;
  #clearer = 0;
  #deeds = 0;
  #lives = 1;
  #faults = 0;

  static async begin(options: SoakOptions): Promise<SoakRun> {
    const world = new World(startMs);
    world.renewServer(6);
    const files = await Files.make(join(options.directory, 'files'), world.trueMs());
    await files.renew(world.trueMs(), 8);
    return new SoakRun(options, world, files);
  }

  private constructor(options: SoakOptions, world: World, files: Files) {
    this.#options = options;
    this.#world = world;
    this.#files = files;
    this.#agent = this.#start();
  }

  async play(): Promise<SoakFigures> {
    const { lengthMs, dice } = this.#options;
    const world = this.#world;
    let nextDeedMs = drawPause(dice, world.monotonicMs() < this.#stormUntilMs);
    while (world.monotonicMs() < lengthMs) {
      await this.#settle();
      this.#judge();
      const nextMs = world.nextMs(Math.min(nextDeedMs, lengthMs));
      world.passTo(nextMs);
      if (nextMs < nextDeedMs) continue;
      await this.#settle();
      this.#judge();
      this.#deeds += 1;
      await this.#do(drawDeed(dice));
      nextDeedMs = world.monotonicMs() + drawPause(dice, world.monotonicMs() < this.#stormUntilMs);
    }
    await this.#agent.stop();
    this.#judgeAll();
    return this.#figures();
  }

  #start(): Agent {
    const { dice, directory } = this.#options;
    const { signal } = new AbortController();
    const log = {
      info: () => undefined,
      warn: (what: string) => this.#fault(`the agent said: ${what}`),
    };
    const random = { fraction: dice.fraction, bytes: systemRandom.bytes };
    const ports = { clock: this.#world, random, hostname: 'soak', signal, log };
    const { certPath, keyPath } = this.#files;
    const config: Config = {
      targets: [
        {
          url: new URL('https://gateway.example:8443/'),
          credential: { certPath, keyPath },
          tls: { minVersion: '1.2', maxVersion: '1.3', alpn: ['http/1.1'] },
        },
      ],
      ...{ timeoutMs: lookTimeoutMs, intervalMs, heartbeatMs, experiments: true },
      ...{
        stateDir: join(directory, 'state'),
        homes: [],
        format: 'json',
        delegate: {},
        origins: [],
      },
    };
    return new Agent(config, ports, (report) => void this.#pending.push(report));
  }

  /** Until the one watch waits for time to pass. */
  async #settle(): Promise<void> {
    for (let turns = 0; this.#world.sleepers === 0; turns += 1) {
      // Most of the time it is only a few promises away.
      await (turns < 20 ? undefined : setImmediate());
    }
  }

  #judge(): void {
    const look = this.#world.looks[this.#judged];
    if (!look) return;
    const before =
      this.#judged > this.#looksBefore ? this.#world.looks[this.#judged - 1] : undefined;
    this.#judged += 1;
    const said = this.#pending;
    this.#pending = [];
    for (const report of said) this.#count(report);
    this.#judgePreflight(
      look,
      said.filter(({ preflight }) => preflight),
    );
    const [report, ...more] = said.filter(({ preflight }) => !preflight);
    const expected = this.#model.expect(look);
    const { faults, isClearer } = judgeLook(look, expected, report, this.#lastCause);
    this.#model.reported(look, report !== undefined);
    if (report) this.#lastCause = report.cause?.code;
    if (isClearer) this.#clearer += 1;
    const gap = before && judgeGap(before, look, this.#wokenMs);
    const late = before && judgeWake(this.#wokenMs, before, look);
    this.#wokenMs = this.#wokenMs.filter((atMs) => atMs > look.beganMs - wakeMs);
    const all = [
      ...faults,
      ...(gap === undefined ? [] : [gap]),
      ...(late === undefined ? [] : [late]),
      ...(more.length > 0 ? [`${more.length + 1} reports of one look`] : []),
    ];
    const after = before ? ` after ${before.condition.name}` : '';
    for (const fault of all) this.#fault(`${look.condition.name}${after}: ${fault}`);
  }

  #judgePreflight(look: LookSeen, reports: readonly Report[]): void {
    const came = reports.map(eventCodeOf).join();
    // What has not settled yet is the next look's.
    const isTaken = this.#isNewCredential && this.#files.isShownBy(look);
    if (isTaken) this.#isNewCredential = false;
    const due = isTaken ? this.#model.expectOfFiles(look).join() : '';
    if (came === due) return;
    this.#fault(`of new files, ${due || 'nothing'} was due, and ${came || 'nothing'} came`);
  }

  #count(report: Report): void {
    const code = eventCodeOf(report);
    this.#events.set(code, (this.#events.get(code) ?? 0) + 1);
    if (this.#ids.has(report.id)) this.#fault(`the id ${report.id} came twice`);
    this.#ids.add(report.id);
    this.#sequences.push(report.sequence ?? -1);
  }

  async #do(deed: Deed): Promise<void> {
    const world = this.#world;
    switch (deed.kind) {
      case 'renew-server':
        return world.renewServer(deed.days);
      case 'other-authorities':
        world.authorities = authorities[deed.index] ?? [];
        return;
      case 'storm':
        this.#stormUntilMs = world.monotonicMs() + deed.lastsMs;
        return;
      case 'clock':
        return world.setWrongBy(deed.wrongByMs);
      case 'probe-now':
        this.#agent.probeNow();
        this.#wokenMs.push(world.monotonicMs());
        return;
      case 'renew-client':
      case 'restore-files':
      case 'remove-key':
        return this.#changeFiles(deed);
      case 'restart':
        return this.#restart(deed.awayMs);
      default:
        world.condition = conditionOf(deed) ?? world.condition;
    }
  }

  async #changeFiles(deed: Deed): Promise<void> {
    if (deed.kind === 'remove-key' && !this.#files.removeKey()) return;
    this.#wokenMs.push(this.#world.monotonicMs());
    this.#isNewCredential = true;
    if (deed.kind === 'remove-key') return;
    if (deed.kind !== 'renew-client') return this.#files.restore();
    await this.#files.renew(this.#world.trueMs(), deed.days);
  }

  async #restart(awayMs: number): Promise<void> {
    await this.#agent.stop();
    this.#judge();
    this.#judgeExperiments();
    this.#isNewCredential = false;
    this.#world.passTo(this.#world.monotonicMs() + awayMs);
    this.#model.begin();
    this.#looksBefore = this.#judged;
    this.#lives += 1;
    this.#wokenMs = [];
    this.#lastCause = undefined;
    this.#agent = this.#start();
  }

  /** Each life has a budget of its own. */
  #judgeExperiments(): void {
    const { experimentsMs } = this.#world;
    const ofThisLife = experimentsMs.slice(this.#experimentsBefore);
    this.#experimentsBefore = experimentsMs.length;
    for (const fault of judgeExperiments(ofThisLife)) this.#fault(fault);
  }

  #judgeAll(): void {
    this.#judgeExperiments();
    const gap = this.#sequences.findIndex((number, index) => number !== index + 1);
    if (gap >= 0) this.#fault(`report ${gap + 1} has the number ${this.#sequences[gap]}`);
  }

  #fault(what: string): void {
    this.#faults += 1;
    const hours = (this.#world.monotonicMs() / 3_600_000).toFixed(2);
    this.#options.onFault(`after ${hours} h, at look ${this.#judged}: ${what}`);
  }

  #figures(): SoakFigures {
    const { looks, experimentsMs } = this.#world;
    return {
      looks: looks.length,
      deeds: this.#deeds,
      lives: this.#lives,
      events: this.#events,
      clearer: this.#clearer,
      experiments: experimentsMs.length,
      experimentsInBusiestHour: busiestHour(experimentsMs),
      attemptsInBusiestHour: busiestHour(looks.map(({ beganMs }) => beganMs)),
      faults: this.#faults,
    };
  }
}
