/** What a status comes to, and that the schema says exactly what a status is. */
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, test } from 'vitest';
import { findShapeFault } from '../../src/report/conforms.ts';
import { judgeStanding, type Standing } from '../../src/report/judge-standing.ts';
import type { Status, TargetStatus } from '../../src/report/status.ts';
import { statusSchema } from '../../src/report/status-schema.ts';
import { statuses } from '../format/status/statuses.ts';

const validate = new Ajv2020({ strict: true, allErrors: true }).compile(statusSchema);

const target = (outcome?: TargetStatus['outcome']): TargetStatus => ({
  label: 'https://gateway.test/',
  ...(outcome && { outcome }),
});

const healthy: Standing = {
  source: 'agent',
  agent: { running: true },
  state: { durable: true },
  targets: [target('accepted')],
  receivers: [],
};
const lost = { age: 0, size: 0, rejected: 0 };
const receiver = { name: 'home', waiting: 0, waitingBytes: 0, lost };
const trouble = { code: 'unreachable', since: '2026-11-23T14:00:00.000Z' };

const judged: readonly [title: string, Partial<Standing>, Status['verdict'], Status['findings']][] =
  [
    ['an accepted target', {}, 'good', []],
    ['losses of the past', { receivers: [{ ...receiver, lost: { ...lost, age: 9 } }] }, 'good', []],
    [
      'a refused one beside it',
      { targets: [target('accepted'), target('rejected')] },
      'troubled',
      ['target-not-accepted'],
    ],
    ['no verdict', { targets: [target('unconfirmed')] }, 'troubled', ['target-not-accepted']],
    ['no look yet', { targets: [target(), target('accepted')] }, 'unknown', ['target-not-seen']],
    [
      'a refused one, and one without a look',
      { targets: [target(), target('failed')] },
      'troubled',
      ['target-not-accepted', 'target-not-seen'],
    ],
    [
      'a receiver in trouble',
      { receivers: [receiver, { ...receiver, trouble }] },
      'troubled',
      ['receiver-troubled'],
    ],
    ['a state that is not kept', { state: { durable: false } }, 'troubled', ['state-not-kept']],
    [
      'a directory without an agent',
      { source: 'directory', agent: { running: false }, targets: [] },
      'troubled',
      ['agent-not-running'],
    ],
    [
      'an agent that says nothing',
      { source: 'directory', agent: { running: true } },
      'unknown',
      ['agent-not-answering'],
    ],
    [
      'a directory that tells nothing',
      { source: 'directory', agent: {}, state: { durable: false } },
      'unknown',
      ['state-not-readable'],
    ],
  ];

test.for(judged)('%s', ([, given, verdict, findings]) => {
  expect(judgeStanding({ ...healthy, ...given })).toEqual({ verdict, findings });
});

test.for(Object.entries(statuses))('the status "%s" is valid', ([, status]) => {
  validate(status);
  expect(validate.errors).toBeNull();
  expect(findShapeFault(status, statusSchema)).toBeUndefined();
});

const whole = statuses['two targets, one refused, and receivers in every state'];

test.for([
  ['a field of its own', { ...whole, token: 'x' }],
  ['one inside the agent', { ...whole, agent: { ...whole.agent, env: {} } }],
  ['a verdict of its own', { ...whole, verdict: 'fine' }],
  ['another schema', { ...whole, schema: 'sidelight.status/2' }],
  ['more targets than it may have', { ...whole, targets: Array(1001).fill(target()) }],
])('%s is not valid', ([, document]) => {
  expect(validate(document)).toBe(false);
});
