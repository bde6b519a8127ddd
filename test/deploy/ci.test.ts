/** The steps of deploy/ci that get the executable: run as a runner does, they take what has the checksum and nothing else. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import { makePki } from '../support/openssl.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const read = (name: string) =>
  parse(readFileSync(resolve(import.meta.dirname, '../../deploy/ci', name), 'utf8'));

interface Step {
  readonly name?: string;
  readonly run?: string;
  readonly env?: Readonly<Record<string, string>>;
}

const steps: readonly Step[] = read('github-actions.yaml').jobs.preflight.steps;
const fetching = steps.find(({ name }) => name === 'Fetch Sidelight');

const directory = temporaryDirectory();
const pki = makePki(directory);
const ca = pki.ca('Artefacts CA');
const { cert, key } = pki.server({ ca });
const executable = '#!/bin/sh\necho fetched "$@"\n';
const sha256 = createHash('sha256').update(executable).digest('hex');
const server = createServer({ cert, key }, ({ url }, answer) => {
  answer.writeHead(url === '/sidelight' ? 200 : 404).end(executable);
});
let base: string;

beforeAll(async () => {
  await once(server.listen(0, '127.0.0.1'), 'listening');
  base = `https://localhost:${(server.address() as AddressInfo).port}`;
});
afterAll(() => server.close());

/** As GitHub runs a step: `bash -e` with its variables. */
async function fetchStep(url: string, checksum: string) {
  const temp = mkdtempSync(join(directory, 'runner-'));
  const path = join(temp, 'path');
  const env = {
    PATH: process.env['PATH'],
    CURL_CA_BUNDLE: ca.certPath,
    NO_PROXY: '*',
    RUNNER_TEMP: temp,
    GITHUB_PATH: path,
    SIDELIGHT_URL: url,
    SIDELIGHT_SHA256: checksum,
  };
  const code = await new Promise((ended) => {
    const child = execFile('bash', ['-e', '-c', fetching?.run ?? ''], { env });
    child.once('close', ended);
  });
  return { code, added: existsSync(path) ? readFileSync(path, 'utf8').trim() : undefined };
}

test('what has the checksum can be run by the next step', async () => {
  expect(Object.keys(fetching?.env ?? {})).toEqual(['SIDELIGHT_URL', 'SIDELIGHT_SHA256']);
  const { code, added = '' } = await fetchStep(`${base}/sidelight`, sha256);
  expect(code).toBe(0);
  const env = { PATH: `${added}:${process.env['PATH']}` };
  const child = execFile('sh', ['-c', 'sidelight preflight'], { env });
  const [said] = await once(child.stdout ?? child, 'data');
  expect(`${said}`).toBe('fetched preflight\n');
});

test.for([
  ['another checksum', '/sidelight', 'f'.repeat(64)],
  ['no checksum', '/sidelight', ''],
  ['an answer that is an error', '/elsewhere', sha256],
] as const)(
  'with %s the step fails, and nothing comes onto the path',
  async ([, path, checksum]) => {
    const { code, added } = await fetchStep(`${base}${path}`, checksum);
    expect(code).not.toBe(0);
    expect(added).toBeUndefined();
  },
);

test('the executable is fetched before it is used', () => {
  const using = steps.findIndex(({ run }) => run?.includes('sidelight preflight'));
  expect(steps.indexOf(fetching ?? {})).toBeGreaterThan(-1);
  expect(steps.indexOf(fetching ?? {})).toBeLessThan(using);
});

test("GitLab's shell is not what the image of the sidecar begins with", () => {
  expect(read('gitlab-ci.yaml').preflight.image.entrypoint).toEqual(['']);
});
