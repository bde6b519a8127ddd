/** A report as `run` writes it: of a real look, with whatever that saw. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import type { Report } from '../../src/report/report.ts';
import { credentialArguments, type Stage } from './stage.ts';

export async function sampleReport(stage: Stage): Promise<Report> {
  const { port } = await stage.startGateway();
  const state = ['--state-dir', join(stage.directory, 'sample'), '--format', 'json'];
  const url = `https://localhost:${port}/`;
  const args = ['check', url, ...credentialArguments(stage), ...state];
  const written = execFileSync(stage.executable, args, { encoding: 'utf8', stdio: 'pipe' });
  return { ...(JSON.parse(written) as Report), event: 'state-changed' };
}

/** Another one of the same, with an id of its own: the last hex digits of the number. */
export function withId(report: Report, number: number): Report {
  return { ...report, id: `${report.id.slice(0, 24)}${number.toString(16).padStart(12, '0')}` };
}
