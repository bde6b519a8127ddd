/** What is thrown where nobody waits: printed like any fault of ours, with nothing of what hangs on the error. */
import { expect, test } from 'vitest';
import { sidelight } from '../support/sidelight.ts';

/** In the program's own process, after its start. */
const throwing = `--import=data:text/javascript,${encodeURIComponent(
  "setTimeout(()=>{throw Object.assign(new Error('out\u001b[2J'),{code:'EFAULT',cert:'hunter'+2})},900)",
)}`;
const run = ['run', 'https://localhost:9/', '--address', '127.0.0.1'];

test('an error that nobody catches ends run with exit code 2, one sentence and no stack', async () => {
  const { code, stderr } = await sidelight(run, { NODE_OPTIONS: throwing });
  expect(code).toBe(2);
  expect(stderr).toContain('a fault of its own (Error): out\\u001b[2J');
  expect(stderr).not.toMatch(/hunter2|\n {4}at /);
});

test('with SIDELIGHT_DEBUG the stack is shown, and still nothing that was not checked', async () => {
  const { stderr } = await sidelight(run, { NODE_OPTIONS: throwing, SIDELIGHT_DEBUG: '1' });
  expect(stderr).toMatch(/\n {4}at /);
  expect(stderr).not.toContain('hunter2');
  expect(stderr).not.toContain('\u001b');
});
