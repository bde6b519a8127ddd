/** What earlier looks read from gateways' certificates: the same octets say the same again, and reading them takes 0.3 ms. */
import { seeCertificate } from '../evidence/certificate-seen.ts';
import type { CertificateSeen } from '../evidence/evidence.ts';

/** More certificates than gateways send in earnest to one agent; a peer with a new one each time finds this bound. */
const maxRemembered = 256;

/** What is larger is read each time, as it is nobody's usual certificate. */
const maxOctets = 8 * 1024;

/** Lives as long as an agent and is shared by its targets. Holds nothing secret. */
export class PeerMemory {
  readonly #certificates = new Map<string, CertificateSeen>();
  readonly #judgements = new Map<string, string>();

  /** As `seeCertificate`. */
  readonly see = (der: Uint8Array): CertificateSeen => {
    if (der.length > maxOctets) return seeCertificate(der);
    return remembered(this.#certificates, identity(der), () => seeCertificate(der));
  };

  /** What `judge` said of this certificate under this name: a code, or '' where the name holds. */
  judgement(der: Uint8Array, name: string, judge: () => string): string {
    if (der.length > maxOctets) return judge();
    return remembered(this.#judgements, `${identity(der)} ${name}`, judge);
  }
}

/** The octets themselves, one a character. */
const identity = (der: Uint8Array): string => Buffer.from(der).toString('latin1');

/** The oldest goes first. */
function remembered<Value>(known: Map<string, Value>, key: string, make: () => Value): Value {
  const before = known.get(key);
  if (before !== undefined) return before;
  const value = make();
  if (known.size >= maxRemembered) {
    for (const oldest of known.keys()) {
      known.delete(oldest);
      break;
    }
  }
  known.set(key, value);
  return value;
}
