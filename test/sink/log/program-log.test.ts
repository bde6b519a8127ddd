import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { LogLevel } from '../../../src/sink/log/program-log.ts';
import { openProgramLog } from '../../../src/sink/log/program-log.ts';
import { temporaryDirectory } from '../../state/temporary.ts';

async function logTo(level: LogLevel) {
  const file = join(temporaryDirectory(), 'log');
  const fd = openSync(file, 'a');
  onTestFinished(() => closeSync(fd));
  const log = await openProgramLog(level, fd);
  const lines = async () => {
    await log.flush();
    const text = readFileSync(file, 'utf8').trimEnd();
    return text === '' ? [] : text.split('\n').map((line) => JSON.parse(line));
  };
  return { log, lines };
}

test('a line has a time, a level by name, a message and facts', async () => {
  const { log, lines } = await logTo('info');
  log.warn('home does not take reports', { code: 'unauthorized', status: 401 });
  expect(await lines()).toEqual([
    {
      level: 'warn',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
      name: 'sidelight',
      msg: 'home does not take reports',
      code: 'unauthorized',
      status: 401,
    },
  ]);
});

test('what is below the level is not written', async () => {
  const { log, lines } = await logTo('warn');
  log.debug('a');
  log.info('b');
  log.error('c');
  expect((await lines()).map(({ msg }) => msg)).toEqual(['c']);
});

test('no key stands twice, no control character is raw, no secret is shown', async () => {
  const { log, lines } = await logTo('info');
  log.info('x\u009b31m', { msg: 'mine', level: 'mine', peer: 'a\u202eb', token: 'canary' });
  expect(await lines()).toMatchObject([
    {
      msg: 'x\\u009b31m',
      msg_: 'mine',
      level: 'info',
      level_: 'mine',
      peer: 'a\\u202eb',
      token: '[secret]',
    },
  ]);
});
