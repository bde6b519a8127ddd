import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { systemClock } from '../../../src/base/clock.ts';
import { openEventLog } from '../../../src/sink/log/event-log.ts';
import { temporaryDirectory } from '../../state/temporary.ts';

const clock = systemClock;
const src = `${import.meta.dirname}/../../../src`;

/** Runs a module that has `log` open on stdout. */
function onStdout(body: string) {
  const script = `
    const { openEventLog } = await import('${src}/sink/log/event-log.ts');
    const { systemClock: clock } = await import('${src}/base/clock.ts');
    const say = (text) => process.stderr.write(text + '\\n');
    const onLoss = (lines) => say('lost ' + lines);
    const log = await openEventLog({ clock, maxQueueBytes: 500_000, onTrouble: say, onLoss });
    ${body}`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  child.stdout.setEncoding('utf8');
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  return { child, said: () => said };
}

test('events are lines in a file that only its owner reads', async () => {
  const file = join(temporaryDirectory(), 'events.log');
  const log = await openEventLog({ file, clock });
  log.write('{"n":1}');
  log.write('{"n":2}');
  expect(await log.close(1_000)).toBe(true);
  expect(readFileSync(file, 'utf8')).toBe('{"n":1}\n{"n":2}\n');
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

test('after a rotation new events go to a new file, and none is lost', async () => {
  const file = join(temporaryDirectory(), 'events.log');
  const log = await openEventLog({ file, clock });
  log.write('before');
  await vi.waitFor(() => expect(readFileSync(file, 'utf8')).toBe('before\n'));
  renameSync(file, `${file}.1`);
  log.reopen();
  log.write('after');
  await vi.waitFor(() => expect(readFileSync(file, 'utf8')).toBe('after\n'));
  expect(readFileSync(`${file}.1`, 'utf8')).toBe('before\n');
  expect(statSync(file).mode & 0o777).toBe(0o600);
  await log.close(1_000);
});

test.for(['moved away', 'removed'])(
  'a file that was %s is begun anew without a signal',
  async (how) => {
    const file = join(temporaryDirectory(), 'events.log');
    const log = await openEventLog({ file, clock });
    log.write('before');
    await vi.waitFor(() => expect(readFileSync(file, 'utf8')).toBe('before\n'));
    if (how === 'removed') rmSync(file);
    else renameSync(file, `${file}.1`);
    await vi.waitFor(() => expect(existsSync(file)).toBe(true), { timeout: 4_000 });
    log.write('after');
    await vi.waitFor(() => expect(readFileSync(file, 'utf8')).toBe('after\n'));
    expect(statSync(file).mode & 0o777).toBe(0o600);
    await log.close(1_000);
  },
);

test('a file that cannot be opened is said at once', async () => {
  const file = join(temporaryDirectory(), 'absent', 'events.log');
  await expect(openEventLog({ file, clock })).rejects.toMatchObject({ code: 'ENOENT' });
});

test('a full disk is said once', async () => {
  const said: string[] = [];
  const log = await openEventLog({
    file: '/dev/full',
    clock,
    onTrouble: (code) => said.push(code),
  });
  log.write('a');
  await vi.waitFor(() => expect(said).toEqual(['ENOSPC']));
  log.write('b');
  await clock.sleep(50);
  expect(said).toEqual(['ENOSPC']);
  expect(await log.close(100)).toBe(false);
});

test('what was dropped is told when it begins, and counted when the reader reads again', async () => {
  const { child, said } = onStdout(`
    for (let i = 0; i < 1_000; i += 1) log.write('x'.repeat(1_000));
    say('written');
    const { promise, resolve } = Promise.withResolvers();
    setTimeout(resolve, 800);
    await promise;
    say('dropped ' + log.dropped());
    process.exit(0);`);
  await vi.waitFor(() => expect(said()).toContain('written'), { timeout: 3_000 });
  let lines = 0;
  child.stdout.on('data', (text: string) => {
    lines += text.split('\n').length - 1;
  });
  await once(child, 'close');
  const [first, , second, third] = said().split('\n');
  expect(first).toBe('QUEUE_FULL');
  expect(second).toBe(`lost ${1_000 - lines}`);
  expect(third).toBe(`dropped ${1_000 - lines}`);
});

test('everything is on stdout when the process ends', async () => {
  const { child } = onStdout(`
    for (let i = 0; i < 2_000; i += 1) log.write('line ' + i);
    await log.close(2_000);`);
  let text = '';
  child.stdout.on('data', (chunk: string) => {
    text += chunk;
  });
  await once(child, 'close');
  expect(text.trimEnd().split('\n')).toEqual(Array.from({ length: 2_000 }, (_, i) => `line ${i}`));
});

test('a reader that stalls costs lines, which are counted, and holds up neither the agent nor its end', async () => {
  const script = `
    const { openEventLog } = await import('${src}/sink/log/event-log.ts');
    const { systemClock: clock } = await import('${src}/base/clock.ts');
    const log = await openEventLog({ clock, maxQueueBytes: 500_000 });
    for (let i = 0; i < 2_000; i += 1) log.write('x'.repeat(1_000));
    const flushed = await log.close(200);
    console.error(JSON.stringify({ dropped: log.dropped(), flushed }));`;
  // A pipe as a shell or a container makes it; Node would make a socket.
  const shell = spawn(
    'sh',
    ['-c', '{ "$NODE" --input-type=module -e "$SCRIPT"; echo "exit $?" >&2; } | sleep 20'],
    {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { NODE: process.execPath, SCRIPT: script, PATH: process.env['PATH'] },
      detached: true,
    },
  );
  onTestFinished(() => void process.kill(-(shell.pid ?? 0), 'SIGKILL'));
  let said = '';
  shell.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  await vi.waitFor(() => expect(said).toContain('exit'), { timeout: 5_000 });
  const [first = '', second] = said.split('\n');
  expect(second).toBe('exit 0');
  expect(JSON.parse(first)).toMatchObject({ flushed: false });
  const { dropped } = JSON.parse(first);
  expect(dropped).toBeGreaterThan(1_000);
  expect(dropped).toBeLessThan(2_000);
});

test('a reader that is gone is said once, and the agent goes on', async () => {
  const { child, said } = onStdout(`
    log.write('first');
    const { promise, resolve } = Promise.withResolvers();
    process.stdin.on('data', resolve).resume();
    setTimeout(resolve, 300);
    await promise;
    for (let i = 0; i < 5; i += 1) {
      log.write('into the void');
      await clock.sleep(20);
    }
    say('dropped ' + (log.dropped() > 0));
    await log.close(100);
    say('alive');
    process.exit(0);`);
  await once(child.stdout, 'data');
  child.stdout.destroy();
  const [code] = await once(child, 'close');
  expect(said()).toBe('EPIPE\ndropped true\nalive\n');
  expect(code).toBe(0);
});
