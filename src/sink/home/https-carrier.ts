/** Reports to home over HTTP: CloudEvents batches, each in one POST. */
import { createHash } from 'node:crypto';
import type { Clock } from '../../base/clock.ts';
import type { HomeConfig } from '../../config/config.ts';
import type { Carried, Carrier } from '../delivery/carrier.ts';
import { troubleOfStatus } from '../delivery/trouble.ts';
import { judgeStatus } from '../delivery/verdict.ts';
import type { SpooledReport } from '../spool/spool.ts';
import { batchContentType, cloudEventBatch } from './cloud-event.ts';
import type { Answer } from './home-connection.ts';
import { HomeConnection } from './home-connection.ts';
import { credentialDigest, hasCredentialChanged, readHomeCredential } from './home-credential.ts';

export interface HttpsCarrierOptions {
  readonly home: HomeConfig;
  /** Becomes the events' `source`. */
  readonly agentId: string;
  readonly clock: Clock;
}

/** Throws CannotRun for a plain-text home that is not on this machine. */
export function httpsCarrier({ home, agentId, clock }: HttpsCarrierOptions): Carrier {
  const connection = new HomeConnection(home, clock);
  /** Of the credential that was shown last; none when it could not be read. */
  let shown = '';
  return {
    carry: async (batch, signal) => {
      shown = '';
      const credential = await readHomeCredential(home);
      shown = credentialDigest(credential);
      const post = {
        contentType: batchContentType,
        idempotencyKey: idempotencyKey(batch),
        body: cloudEventBatch(agentId, batch),
        credential,
      };
      return carriedBy(await connection.post(post, signal));
    },
    hasChanged: () => hasCredentialChanged(home, shown),
    close: () => connection.close(),
  };
}

function carriedBy({ status, retryAfterMs }: Answer): Carried {
  const verdict = judgeStatus(status);
  const patience = retryAfterMs !== undefined && { retryAfterMs };
  if (verdict === 'delivered') return { verdict, ...patience };
  const trouble = troubleOfStatus(status);
  if (verdict !== 'retry' && verdict !== 'pause') {
    return { verdict, trouble, reason: `http-${status}` };
  }
  return { verdict, trouble, ...patience };
}

/** A structured-field string that depends on nothing but which reports are sent, so it is the same after a restart. */
function idempotencyKey(batch: readonly SpooledReport[]): string {
  const ids = batch.map(({ id }) => id).join('\n');
  return `"${createHash('sha256').update(ids).digest('hex').slice(0, 32)}"`;
}
