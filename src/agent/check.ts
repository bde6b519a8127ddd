/** `check`: one look at one target, diagnosed against what was last accepted. */

import { uuidV7 } from '../base/random.ts';
import type { Config, TargetConfig } from '../config/config.ts';
import { prepareTls } from '../credential/prepare-tls.ts';
import type { Evidence } from '../evidence/evidence.ts';
import { look } from '../probe/look.ts';
import { makeReport } from '../report/make-report.ts';
import type { Report } from '../report/report.ts';
import { baselinesIn } from '../state/baselines.ts';
import { agentId } from '../state/identity.ts';
import { type OpenState, openState } from '../state/open-state.ts';
import { takeSequence } from '../state/sequence.ts';
import { aim } from '../target/target.ts';
import { type LoadedCredential, loadFor } from './credential-store.ts';
import { DelegateStore } from './delegate-store.ts';
import { type Examined, examine } from './examine.ts';
import { experimentOn } from './experiment-on.ts';
import { identify } from './identify.ts';
import { keepBaseline, keepingTroubles } from './keep-baseline.ts';
import { noteState, type Ports } from './ports.ts';
import { targetKey } from './target-key.ts';

/**
 * `show` is called as soon as there is a verdict: somebody waits for it. What is left then, keeping the
 * baseline and reporting home, is done when the promise resolves.
 */
export async function runCheck(
  config: Config,
  target: TargetConfig,
  ports: Ports,
  show: (report: Report) => void,
): Promise<Report> {
  prepareTls();
  const loaded = loadFor(target);
  const evidence = await lookOnce(config, target, loaded, ports);
  const { stateDir: directory } = config;
  const state = openState({
    ...(directory !== undefined && { directory }),
    exclusive: false,
    clock: ports.clock,
  });
  try {
    noteState(state, ports.log);
    const baseline = baselinesIn(state, ports.clock).get(targetKey(evidence.target));
    const examined = await examine(evidence, baseline, (first) =>
      experimentOn(first, config, target, loaded, ports),
    );
    const report = conclude(config, examined, state, ports);
    show(report);
    if (report.outcome === 'accepted') {
      const troubles = keepingTroubles(ports.clock, ports.log);
      keepBaseline(evidence, baselinesIn(state, ports.clock), troubles);
    }
    await reportHome(report, config, state, ports);
    return report;
  } finally {
    state.close();
  }
}

async function lookOnce(
  config: Config,
  target: TargetConfig,
  { credential, context }: LoadedCredential,
  ports: Ports,
): Promise<Evidence> {
  const { clock, signal, onStep } = ports;
  const delegate = await new DelegateStore(target.delegate, clock).current();
  const { timeoutMs } = config;
  return look(aim(target), credential, context, {
    clock,
    timeoutMs,
    signal,
    ...(delegate && { delegate }),
    ...(onStep && { onStep }),
  });
}

function conclude(
  config: Config,
  { evidence, diagnosis }: Examined,
  state: OpenState,
  ports: Ports,
): Report {
  const { clock, random, hostname } = ports;
  const failing = diagnosis.outcome !== 'accepted';
  const sequence = hasReceiver(config) ? takeSequence(state.db) : undefined;
  return makeReport({
    id: uuidV7(clock.now(), random),
    ...(sequence !== undefined && { sequence }),
    runId: uuidV7(clock.now(), random),
    agent: identify(config, hostname, agentId(state.db, clock, random)),
    evidence,
    diagnosis,
    attempt: { number: 1, ...(failing && { failingSince: evidence.time }), repeats: 0 },
  });
}

function hasReceiver({ homes, otlp }: Config): boolean {
  return homes.length > 0 || otlp !== undefined;
}

/** Loads the way home only where there is one. */
async function reportHome(
  report: Report,
  config: Config,
  state: OpenState,
  ports: Ports,
): Promise<void> {
  if (!hasReceiver(config)) return;
  const { receiversOf } = await import('./receivers.ts');
  const { deliverOnce } = await import('./deliver-once.ts');
  const agentId = report.agent.id ?? '';
  const receivers = receiversOf(config, { ...ports, agentId });
  await deliverOnce(report, receivers, state, {
    ...ports,
    ...(config.spool && { limits: config.spool }),
  });
}
