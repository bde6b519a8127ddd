import { expect, test } from 'vitest';
import { classifyAttempt } from '../../src/agent/classify-attempt.ts';
import type { Diagnosis } from '../../src/diagnosis/diagnose.ts';
import { evidence } from '../support/evidence.ts';

const concluded = (parts: Partial<Diagnosis>): Diagnosis => ({
  outcome: 'failed',
  cause: null,
  alternatives: [],
  warnings: [],
  ...parts,
});

const answered = (status: number, retryAfterMs?: number) =>
  evidence({ http: { status, ...(retryAfterMs !== undefined && { retryAfterMs }) } });

test.for([
  ['accepted', evidence(), { outcome: 'accepted' }, { kind: 'accepted', heldMs: 7 }],
  ['rejected', answered(403), { outcome: 'rejected' }, { kind: 'refused' }],
  ['our own files', evidence(), { layer: 'local' }, { kind: 'local-fault' }],
  ['HTTP 502', answered(502), { layer: 'http' }, { kind: 'failed' }],
  ['HTTP 503', answered(503), { layer: 'http' }, { kind: 'overloaded' }],
  [
    'HTTP 429 with Retry-After',
    answered(429, 30_000),
    { layer: 'http' },
    { kind: 'overloaded', retryAfterMs: 30_000 },
  ],
] as const)('%s waits as it should', ([, look, diagnosis, expected]) => {
  expect(classifyAttempt(look, concluded(diagnosis), 7)).toEqual(expected);
});
