/** `run`: every target under watch, every piece of news written, spooled and sent home. */
import { isoTime } from '../base/clock.ts';
import { uuidV7 } from '../base/random.ts';
import type { Config, TargetConfig } from '../config/config.ts';
import type { Diagnosis } from '../diagnosis/diagnose.ts';
import type { Evidence } from '../evidence/evidence.ts';
import { look } from '../probe/look.ts';
import { PeerMemory } from '../probe/peer-memory.ts';
import { makeReport } from '../report/make-report.ts';
import { withoutUrlSecrets } from '../report/redact.ts';
import type { Delivery, EventsDropped, PreflightFindings, Report } from '../report/report.ts';
import type { Look } from '../sink/metrics/metric.ts';
import { targetLabel } from '../sink/metrics/target-label.ts';
import { baselinesIn } from '../state/baselines.ts';
import { noteEventLog } from '../state/event-log-note.ts';
import { agentId } from '../state/identity.ts';
import { type OpenState, openState } from '../state/open-state.ts';
import { warnedIn } from '../state/warned.ts';
import { aim } from '../target/target.ts';
import { CredentialStore, loadFor } from './credential-store.ts';
import { DelegateStore } from './delegate-store.ts';
import { ExperimentBudget } from './experiment-budget.ts';
import { holdBaseline } from './held-baseline.ts';
import { identify } from './identify.ts';
import {
  type KeepingTroubles,
  keepBaseline,
  keepingTroubles,
  keepWarned,
} from './keep-baseline.ts';
import { newCredentialJudge } from './new-credential.ts';
import { noteDamage, noteState, type Ports } from './ports.ts';
import { type ProbeNow, probeNow } from './probe-now.ts';
import { receiversOf } from './receivers.ts';
import { type DeliveryStats, type ReportDelivery, startDelivery } from './report-delivery.ts';
import { shareCredentials } from './shared-credentials.ts';
import type { AgentStanding } from './status/describe-agent.ts';
import { targetKey } from './target-key.ts';
import { type Reported, TargetWatch, type TargetWatchOptions } from './target-watch.ts';

/** Who is told more than the news, and what they have to tell. */
export interface Telemetry {
  /** Every look, news or not. Must not wait. */
  looked?(look: Look, latenessMs: number): void;
  /** Which targets are under watch from now on, by their labels. */
  watching?(targets: ReadonlySet<string>): void;
  /** Undefined when no event was dropped. */
  eventsDropped?(): EventsDropped | undefined;
}

interface Watched {
  readonly watch: TargetWatch;
  readonly stop: AbortController;
  readonly ended: Promise<void>;
}

/** Of the two seconds that an end may take, what delivery gets. */
const flushMs = 1000;

/** Runs from its construction until `stop`. One agent runs with one state directory. */
export class Agent {
  readonly #ports: Ports;
  readonly #write: (report: Report) => void;
  readonly #telemetry: Telemetry;
  readonly #runId: string;
  readonly #state: OpenState;
  readonly #watched = new Map<string, Watched>();
  readonly #memory = new PeerMemory();
  readonly #loadCredential = shareCredentials(loadFor);
  readonly #failed = Promise.withResolvers<never>();
  #config: Config;
  #delivery: ReportDelivery;
  readonly #agentId: string;
  /** The one that was opened: a later configuration cannot change it. */
  readonly #directory: string | undefined;
  readonly #startedAt: string;
  readonly #askedByHome: ProbeNow;
  readonly #keeping: KeepingTroubles;
  /** The last change of configuration; they come one after the other, and none once the end has begun. */
  #reconfigured: Promise<void> = Promise.resolve();
  #isEnding = false;

  /** `write` takes every report that is news, in order; it must not wait. Throws CannotRun when another agent runs here. */
  constructor(
    config: Config,
    ports: Ports,
    write: (report: Report) => void,
    telemetry: Telemetry = {},
  ) {
    const { clock, random, log } = ports;
    const { stateDir: directory } = config;
    this.#config = config;
    this.#ports = ports;
    this.#write = write;
    this.#telemetry = telemetry;
    // Whoever does not ask is no reason to end the process unheard.
    this.#failed.promise.catch(() => undefined);
    this.#runId = uuidV7(clock.now(), random);
    this.#startedAt = isoTime(clock.now());
    this.#directory = directory;
    this.#state = openState({
      ...(directory !== undefined && { directory }),
      exclusive: true,
      clock,
      onDamage: (damage) => noteDamage(damage, log),
      onDisk: () => log.info('the state directory can be written: all is kept there'),
    });
    noteState(this.#state, log);
    this.#agentId = agentId(this.#state.db, clock, random);
    noteEventLog(this.#state.db, config.logFile);
    this.#keeping = keepingTroubles(clock, log);
    this.#askedByHome = probeNow({ clock, random, log, look: () => this.probeNow() });
    this.#delivery = this.#startDelivery();
    this.#watchTargets(false);
  }

  /** Rejects when a target can no longer be watched, by a fault of ours: then the agent is to be stopped. */
  get failed(): Promise<never> {
    return this.#failed.promise;
  }

  /** Looks at every target at once. */
  probeNow(): void {
    for (const { watch } of this.#watched.values()) watch.probeNow();
  }

  /** Takes another configuration: what stays the same goes on undisturbed. The state directory cannot change. */
  reconfigure(config: Config): Promise<void> {
    const done = this.#reconfigured.then(() => this.#take(config));
    this.#reconfigured = done.catch(() => undefined);
    return done;
  }

  async #take(config: Config): Promise<void> {
    if (this.#isEnding) return;
    const before = this.#config;
    this.#config = config;
    if (receiversKey(before) !== receiversKey(config)) {
      await this.#delivery.stop(0);
      this.#delivery = this.#startDelivery();
    }
    this.#watchTargets(true);
  }

  /** Ends every look, sends what can be sent at once, and keeps the rest for the next start. */
  async stop(): Promise<void> {
    this.#isEnding = true;
    this.#askedByHome.stop();
    await this.#reconfigured;
    const watched = [...this.#watched.values()];
    for (const { stop } of watched) stop.abort();
    await Promise.all(watched.map(({ ended }) => ended));
    await this.#delivery.stop(flushMs);
    const reports = this.#delivery.inMemory();
    if (reports > 0) this.#ports.log.warn('reports in memory are lost', { reports });
    this.#state.close();
  }

  /** How all of it stands now, for people on this machine. */
  standing(): AgentStanding {
    const { hostname } = this.#ports;
    return {
      identity: identify(this.#config, hostname, this.#agentId),
      runId: this.#runId,
      startedAt: this.#startedAt,
      state: this.#state,
      isHolding: this.#delivery.isHolding(),
      ...(this.#directory !== undefined && { directory: this.#directory }),
      targets: this.#config.targets.flatMap((target) => {
        const watched = this.#watched.get(this.#watchKey(target));
        return watched ? [{ label: targetLabel(aim(target)), ...watched.watch.status() }] : [];
      }),
      receivers: this.#delivery.receivers(),
    };
  }

  /** What the way home has cost; undefined without a home. */
  delivery(): DeliveryStats | undefined {
    const stats = this.#delivery.stats();
    return stats.homes.length > 0 ? stats : undefined;
  }

  #startDelivery(): ReportDelivery {
    const { clock, random, log } = this.#ports;
    const { name: delegate } = this.#config.delegate;
    const { spool: limits } = this.#config;
    const ports = {
      ...{ clock, random, log, agentId: this.#agentId, onProbeNow: this.#askedByHome.asked },
      ...(delegate !== undefined && { delegate }),
      ...(limits && { limits }),
    };
    return startDelivery(receiversOf(this.#config, ports), this.#state, ports);
  }

  /** What the way home has cost; a heartbeat has then told of it. */
  #deliveryNews(event: Reported['event']): Delivery | undefined {
    const stats = this.delivery();
    if (!stats) return undefined;
    const { homes, ...totals } = stats;
    const newlyLost = this.#delivery.newlyLost();
    const news = { ...totals, ...(newlyLost > 0 && { newlyLost }) };
    if (event !== 'heartbeat') return news;
    this.#delivery.lossesTold();
    return { ...news, homes };
  }

  #watchTargets(atOnce: boolean): void {
    const wanted = new Map(this.#config.targets.map((target) => [this.#watchKey(target), target]));
    for (const [key, { stop }] of this.#watched) {
      if (wanted.has(key)) continue;
      stop.abort();
      this.#watched.delete(key);
    }
    for (const [key, target] of wanted) {
      if (this.#watched.has(key)) continue;
      const watched = this.#watch(target);
      this.#watched.set(key, watched);
      if (atOnce) watched.watch.probeNow();
    }
    const labels = this.#config.targets.map((target) => targetLabel(aim(target)));
    this.#telemetry.watching?.(new Set(labels));
  }

  /** All that a watch depends on; stays in memory, for it holds the proxy's password. */
  #watchKey(target: TargetConfig): string {
    const { timeoutMs, intervalMs, heartbeatMs, experiments } = this.#config;
    const userinfo = [target.proxy, target.exemptedProxy].map((each) => each?.userinfo?.reveal());
    return JSON.stringify([target, userinfo, timeoutMs, intervalMs, heartbeatMs, experiments]);
  }

  #watch(config: TargetConfig): Watched {
    const { clock, random } = this.#ports;
    const { timeoutMs, intervalMs, heartbeatMs } = this.#config;
    const target = aim(config);
    const store = new CredentialStore(config, clock, this.#loadCredential);
    const beside = new DelegateStore(config.delegate, clock);
    const baselines = baselinesIn(this.#state, clock);
    const warned = warnedIn(this.#state, clock);
    const key = targetKey(target);
    const held = holdBaseline(
      clock,
      () => baselines.get(key),
      (evidence) => keepBaseline(evidence, baselines, this.#keeping),
    );
    const stop = new AbortController();
    stop.signal.addEventListener('abort', held.settle, { once: true });
    const watch = new TargetWatch({
      clock,
      random,
      intervalMs,
      heartbeatMs,
      look: async (signal) => {
        const { credential, context } = store.latest();
        const delegate = await beside.current();
        const memory = this.#memory;
        const options = { clock, timeoutMs, signal, memory, ...(delegate && { delegate }) };
        return look(target, credential, context, options);
      },
      judgeFiles: newCredentialJudge(config, store, beside, this.#ports),
      haveFilesChanged: () => store.hasChanged || beside.hasChanged,
      baseline: held.get,
      accept: (evidence, { changes }) => held.accept(evidence, changes),
      warned: () => warned.get(key),
      keepWarned: (keys) => keepWarned(key, keys, warned, this.#keeping),
      report: (evidence, diagnosis, observed, preflight) => {
        held.settle();
        this.#report(evidence, diagnosis, observed, preflight);
      },
      looked: (evidence, diagnosis, { attempt }, latenessMs) =>
        this.#telemetry.looked?.(
          { ...withoutUrlSecrets(evidence), ...diagnosis, attempt },
          latenessMs,
        ),
      experiment: this.#experimenter(config, store),
    });
    return { watch, stop, ended: watch.run(stop.signal).catch(this.#failed.reject) };
  }

  /** Loads what makes experiments at the first failure, and keeps their budget. */
  #experimenter(config: TargetConfig, store: CredentialStore): TargetWatchOptions['experiment'] {
    const { experiments, timeoutMs } = this.#config;
    if (!experiments) return async () => [];
    const { clock } = this.#ports;
    const { exemptedProxy } = config;
    const target = aim(config);
    const { grant } = new ExperimentBudget(clock);
    return async ({ evidence, diagnosis }, signal) => {
      // As the look found it: a credential that changes now is the next look's.
      const { credential, context } = store.latest();
      if (!context) return [];
      const { makeExperiments } = await import('./experiments.ts');
      return makeExperiments({ target, credential, context }, evidence, diagnosis, {
        clock,
        signal,
        timeoutMs,
        grant,
        ...(exemptedProxy && { unusedProxy: exemptedProxy }),
      });
    };
  }

  #report(
    evidence: Evidence,
    diagnosis: Diagnosis,
    { event, attempt }: Reported,
    preflight: PreflightFindings | undefined,
  ): void {
    const { clock, random, hostname } = this.#ports;
    const delivery = this.#deliveryNews(event);
    const eventsDropped = this.#telemetry.eventsDropped?.();
    const report = makeReport({
      id: uuidV7(clock.now(), random),
      runId: this.#runId,
      agent: identify(this.#config, hostname, this.#agentId),
      evidence,
      diagnosis,
      attempt,
      ...(event && { event }),
      ...(preflight && { preflight }),
      ...(delivery && { delivery }),
      ...(eventsDropped && { eventsDropped }),
    });
    this.#write(this.#delivery.add(report));
  }
}

/** All that the way to the receivers depends on; stays in memory, for it holds passwords of proxies and a Collector's headers. */
function receiversKey({ homes, otlp, spool }: Config): string {
  const signals = otlp ? [otlp.logs, otlp.metrics] : [];
  const userinfo = [...homes, ...signals].map(({ proxy }) => proxy?.userinfo?.reveal());
  const headers = signals.flatMap((signal) => signal.headers.map(({ value }) => value.reveal()));
  return JSON.stringify([homes, otlp, spool, userinfo, headers]);
}
