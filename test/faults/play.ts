/** Plays one fault: sets the stage, looks at it as users do, and gives the report that is judged. */
import type { Baseline } from '../../src/diagnosis/baseline.ts';
import { evidenceOf } from '../../src/report/make-report.ts';
import type { Report } from '../../src/report/report.ts';
import type { Fault, Scene } from './fault.ts';
import { inProcess } from './look/looker.ts';
import type { Stage } from './stage.ts';

export interface Played {
  readonly fault: Fault;
  /** Absent when there was none: then `trouble` says why. */
  readonly report?: Report;
  readonly baseline?: Baseline;
  readonly trouble?: string;
  readonly tookMs: number;
}

/** Never throws: a fault that cannot be played is a miss, and the table says so. */
export async function play(fault: Fault, stage: Stage): Promise<Played> {
  const startedMs = performance.now();
  const outcome = await playOut(fault, stage).catch((error: unknown) => ({
    trouble: error instanceof Error ? (error.stack ?? error.message) : String(error),
  }));
  await stage.end();
  return { fault, ...outcome, tookMs: Math.round(performance.now() - startedMs) };
}

async function playOut(fault: Fault, stage: Stage): Promise<Pick<Played, 'report' | 'baseline'>> {
  const scene = await fault.stage(stage);
  if (!scene.change) return { report: await lookAt(scene, stage) };
  const before = await lookAt(scene, stage);
  if (before.outcome !== 'accepted') {
    throw new Error(
      `the look before the change was ${before.outcome}: ${JSON.stringify(before.cause)}`,
    );
  }
  await scene.change();
  return { report: await lookAt(scene, stage), baseline: { evidence: evidenceOf(before) } };
}

async function lookAt(scene: Scene, stage: Stage): Promise<Report> {
  const { look = inProcess, env = {} } = scene;
  const { stdout, stderr, code } = await look(argumentsFor(scene, stage), env);
  if (stdout === '') throw new Error(`no report (exit code ${code}): ${stderr}`);
  return JSON.parse(stdout) as Report;
}

function argumentsFor(scene: Scene, stage: Stage): readonly string[] {
  const { scheme = 'https', host = 'localhost', port, path = '/', args = [] } = scene;
  const { address = '127.0.0.1', client = stage.clients.good } = scene;
  const { ca = stage.authorities.gateway.certPath } = scene;
  return [
    ...['check', `${scheme}://${host}:${port}${path}`, '--format', 'json', '--timeout', '2s'],
    ...['--state-dir', `${stage.directory}/state`],
    ...(address === null ? [] : ['--address', address]),
    ...(client ? ['--cert', client.certPath, '--key', client.keyPath] : []),
    ...(ca === null ? [] : ['--ca', ca]),
    ...args,
  ];
}
