/** Certificate and key replaced while a handshake goes on with the ones before: each look has one pair, whole. */
import { copyFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { eventCodeOf } from '../../src/report/event.ts';
import type { Issued } from '../support/openssl.ts';
import { lastWord, type Stage, setStage, slow, startAgent, startBetween } from './stage.ts';

const stage = setStage();

test(
  'a pair that is replaced in the middle of a handshake is the next look’s, and no look mixes the two',
  slow,
  async () => {
    const inPlace = {
      certPath: join(stage.directory, 'current.crt'),
      keyPath: join(stage.directory, 'current.key'),
    };
    const replace = (issued: Issued): void => {
      for (const name of ['keyPath', 'certPath'] as const) {
        copyFileSync(issued[name], `${inPlace[name]}.new`);
        renameSync(`${inPlace[name]}.new`, inPlace[name]);
      }
    };
    const rotated = stage.pki.leaf({ cn: 'delegate-1', ca: stage.delegateCa });
    replace(stage.client);
    const known = { isOver: false };
    const port = await startBetween(stage, () => {
      if (!known.isOver) replace(rotated);
      known.isOver = true;
    });
    const here: Stage = { ...stage, client: { ...stage.client, ...inPlace } };
    const where = [`https://localhost:${port}/`, '--address', '127.0.0.1', '--interval', '60s'];
    const agent = startAgent(here, ['run', ...where]);
    await expect.poll(() => lastWord(agent)).toBe('accepted');
    // Nobody asks for a look: the new files do.
    await expect.poll(() => agent.reports().length).toBeGreaterThan(1);
    const told = agent
      .reports()
      .map((report) => [eventCodeOf(report), report.outcome, report.clientCertificate?.sha256]);
    expect(told).toEqual([
      ['target-accepted', 'accepted', stage.client.sha256],
      ['client-certificate-changed', 'accepted', rotated.sha256],
    ]);
  },
);
