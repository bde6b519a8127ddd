/** The world that an agent looks at in a soak: its time, its gateway, and a record of every look that was made. */
import { createHash } from 'node:crypto';
import { isoTime } from '../../src/base/clock.ts';
import type { Credential } from '../../src/credential/credential.ts';
import type { CertificateSeen, Evidence } from '../../src/evidence/evidence.ts';
import type { LookOptions } from '../../src/probe/look.ts';
import type { Target } from '../../src/target/target.ts';
import {
  alertSeen,
  serverCertificate,
  stoppedLocally,
  tlsSeen,
} from '../../test/support/evidence.ts';
import { type Condition, expiredForGateway, good, untrustedFor } from './conditions.ts';
import { SimulatedClock } from './simulated-clock.ts';

/** One look of the watch as the world saw it: what was so, not what was said of it. */
export interface LookSeen {
  /** Monotonic. */
  readonly beganMs: number;
  readonly endedMs: number;
  /** By the agent's own clock. */
  readonly time: string;
  readonly condition: Condition;
  /** Our files could not be used: nobody was asked. */
  readonly isLocal: boolean;
  readonly server: CertificateSeen;
  readonly authorities: string;
  readonly client?: CertificateSeen;
}

/** Of the watch's own looks: whatever has another is an experiment. */
export const lookTimeoutMs = 9_999;

const tookMs = 20;
const dayMs = 86_400_000;

export class World extends SimulatedClock {
  condition: Condition = good;
  server: CertificateSeen = serverCertificate();
  authorities: readonly string[] = ['CN=Delegate CA,O=Example'];
  readonly looks: LookSeen[] = [];
  /** Monotonic times of every connection that an experiment made. */
  readonly experimentsMs: number[] = [];
  #renewals = 0;

  /** The gateway gets another certificate, valid for so many days from a day ago. */
  renewServer(days: number): void {
    this.#renewals += 1;
    const sha256 = sha256Of(`server ${this.#renewals}`);
    this.server = serverCertificate({
      sha256,
      serialNumber: this.#renewals.toString(16),
      notBefore: isoTime(this.trueMs() - 2 * dayMs),
      notAfter: isoTime(this.trueMs() + days * dayMs),
    });
  }

  async look(
    target: Target,
    credential: Credential,
    isUsable: boolean,
    { timeoutMs, signal }: LookOptions,
  ): Promise<Evidence> {
    const isExperiment = timeoutMs !== lookTimeoutMs;
    const beganMs = this.monotonicMs();
    const time = isoTime(this.now());
    if (isExperiment) this.experimentsMs.push(beganMs);
    else await this.sleep(tookMs, signal);
    const { condition, server } = {
      condition: this.#conditionFor(credential),
      server: this.server,
    };
    const authorities = this.authorities.join(' ');
    // What the end of the agent cut short was not seen.
    if (!isExperiment && !signal.aborted) {
      const client = credential.clientCertificate;
      this.looks.push({
        ...{ beganMs, endedMs: this.monotonicMs(), time, condition, server, authorities },
        ...{ isLocal: !isUsable, ...(client && { client }) },
      });
    }
    return this.#see(target, credential, isUsable, condition, time);
  }

  /** Its dates are judged by the gateway's clock, the gateway's by ours. */
  #conditionFor({ clientCertificate }: Credential): Condition {
    if (this.condition.outcome !== 'accepted') return this.condition;
    if (Date.parse(this.server.notAfter ?? '') <= this.now())
      return untrustedFor('CERT_HAS_EXPIRED');
    if (Date.parse(this.server.notBefore ?? '') > this.now())
      return untrustedFor('CERT_NOT_YET_VALID');
    const endsMs = Date.parse(clientCertificate?.notAfter ?? '');
    return endsMs <= this.trueMs() ? expiredForGateway : this.condition;
  }

  #see(
    { url, host, port, serverName }: Target,
    { seen, clientCertificate }: Credential,
    isUsable: boolean,
    condition: Condition,
    time: string,
  ): Evidence {
    const facts = {
      time,
      target: { url, host, port, ...(serverName !== undefined && { serverName }) },
      credential: seen,
      ...(clientCertificate && { clientCertificate }),
      tls: tlsSeen({
        serverCertificates: [this.server],
        certificateAuthorities: this.authorities,
        certificateAuthoritiesSha256: sha256Of(this.authorities.join()),
      }),
    };
    if (!isUsable) {
      const { tls: _unseen, ...local } = facts;
      return { ...stoppedLocally({}), ...local };
    }
    const evidence = condition.see(facts);
    // An experiment without our certificate: whoever demands one says so.
    const isAnonymous = clientCertificate === undefined && condition.outcome === 'rejected';
    return isAnonymous ? { ...evidence, alerts: [alertSeen(116)] } : evidence;
  }
}

function sha256Of(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
