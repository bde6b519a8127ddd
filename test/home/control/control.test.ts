import { mkdirSync, statSync } from 'node:fs';
import { request } from 'node:http';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { CannotRun } from '../../../src/base/cannot-run.ts';
import { askForLook } from '../../../src/home/control/ask-control.ts';
import { controlPath } from '../../../src/home/control/control-path.ts';
import { serveControl } from '../../../src/home/control/serve-control.ts';
import type { Whom } from '../../../src/home/socket/agent-sockets.ts';
import { temporaryDirectory } from '../../state/temporary.ts';

async function control(dataDir = temporaryDirectory()) {
  const asked: Whom[] = [];
  const served = await serveControl(dataDir, (whom) => {
    asked.push(whom);
    return asked.length;
  });
  onTestFinished(() => served.close().catch(() => {}));
  return { ...served, dataDir, asked };
}

test('the owner asks for everybody or for one, and hears how many were asked', async () => {
  const { dataDir, asked } = await control();
  expect(await askForLook(dataDir, { all: true })).toBe(1);
  expect(await askForLook(dataDir, { name: 'eu-1' })).toBe(2);
  expect(asked).toEqual([{ all: true }, { name: 'eu-1' }]);
});

test('nobody but the owner can reach the socket or its directory', async () => {
  const { dataDir } = await control();
  expect(statSync(join(dataDir, 'control')).mode & 0o777).toBe(0o700);
  expect(statSync(join(dataDir, 'control', 'home.sock')).mode & 0o777).toBe(0o600);
});

test('a directory deeper than a socket address can say does as well', async () => {
  const dataDir = join(temporaryDirectory(), 'd'.repeat(100), 'e'.repeat(100));
  mkdirSync(dataDir, { recursive: true });
  const { asked } = await control(dataDir);
  expect(await askForLook(dataDir, { all: true })).toBe(1);
  expect(asked).toHaveLength(1);
});

test('what a home that was killed left behind is no hindrance, and a home that lives is left alone', async () => {
  const dataDir = temporaryDirectory();
  mkdirSync(join(dataDir, 'control'));
  const { path } = controlPath(dataDir);
  const killed = createServer().listen(path);
  await new Promise((resolve) => killed.once('listening', resolve));
  await expect(serveControl(dataDir, () => 0)).rejects.toMatchObject({ code: 'EADDRINUSE' });
  // As SIGKILL leaves it: the file stays, and nobody listens.
  const { dataDir: fresh } = await control();
  expect(await askForLook(fresh, { all: true })).toBe(1);
  killed.close();
});

test('where nobody listens, that is what is said', async () => {
  await expect(askForLook(temporaryDirectory(), { all: true })).rejects.toThrow(CannotRun);
});

test.for(['', '{}', 'null', '{"all":false}', '{"name":""}', '{"name":7}', 'x'.repeat(20_000)])(
  'a request that is no request asks nobody',
  async (body) => {
    const { dataDir, asked } = await control();
    const { path: socketPath } = controlPath(dataDir);
    const status = await new Promise((resolve) => {
      const asking = request({ socketPath, path: '/probe-now', method: 'POST' }, (response) =>
        resolve(response.resume().statusCode),
      );
      asking.once('error', () => resolve('cut off'));
      asking.end(body);
    });
    expect([400, 'cut off']).toContain(status);
    expect(asked).toEqual([]);
  },
);
