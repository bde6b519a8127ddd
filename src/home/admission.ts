/** Who may bring reports: the bearer of a known token, or the holder of a certificate that the client CA issued. Asked anew for every request. */
import type { IncomingMessage } from 'node:http';
import { TLSSocket } from 'node:tls';
import { sanitise } from '../base/sanitise.ts';
import { type Revocations, revocationKey } from './revocations.ts';
import type { Admitted, Sender } from './sender.ts';
import type { SenderTokens } from './sender-tokens.ts';

/** As much of a request as shows a credential; also of one that asks for an upgrade. */
export type Shown = Pick<IncomingMessage, 'headers' | 'socket'>;

export type Admission = (shown: Shown) => Admitted;

interface Holder {
  readonly sha256: string;
  /** For the revocation lists. */
  readonly key: string | undefined;
  readonly sender: Sender;
}

export interface Credentials {
  readonly tokens?: SenderTokens | undefined;
  /** Whether the server asks for certificates. */
  readonly hasClientCa: boolean;
  readonly revocations?: Revocations | undefined;
  /** Whether a certificate counts only where the tokens' file names it, and `certificate:any` names none. */
  readonly listedOnly?: boolean;
}

export function makeAdmission(credentials: Credentials): Admission {
  const { tokens, hasClientCa, revocations, listedOnly = false } = credentials;
  // A connection's certificate never changes, and reading it takes time.
  const holders = new WeakMap<object, Holder>();
  const holderOf = ({ socket }: Shown): Holder | undefined => {
    if (!(hasClientCa && socket instanceof TLSSocket && socket.authorized)) return undefined;
    const holder = holders.get(socket) ?? readHolder(socket);
    if (holder) holders.set(socket, holder);
    return holder;
  };
  const unlisted = ({ sender }: Holder): Admitted => (listedOnly ? 'unknown' : { sender });
  const byCertificate = (request: Shown): Admitted => {
    const holder = holderOf(request);
    if (!holder) return 'unknown';
    const revocation = holder.key === undefined ? 'unknown' : revocations?.check(holder.key);
    if (revocation === 'revoked') return 'unknown';
    if (revocation === 'unknown') return 'unavailable';
    const admitted = tokens?.checkCertificate(holder.sha256) ?? 'unlisted';
    return admitted === 'unlisted' ? unlisted(holder) : admitted;
  };
  const otherwise = (request: Shown): Admitted => {
    if (tokens) return tokens.check(request.headers.authorization);
    return hasClientCa ? 'unknown' : { sender: { name: 'anonymous', identity: 'anonymous' } };
  };
  return (request) => {
    const admitted = byCertificate(request);
    return admitted === 'unknown' ? otherwise(request) : admitted;
  };
}

function readHolder(socket: TLSSocket): Holder | undefined {
  const certificate = socket.getPeerX509Certificate();
  if (!certificate) return undefined;
  const sha256 = certificate.fingerprint256.replaceAll(':', '').toLowerCase();
  const name = `certificate:${sha256}`;
  const subject = sanitise((certificate.subject ?? '').split('\n').join(', '), 512);
  return {
    sha256,
    key: revocationKey(certificate.raw),
    sender: { name, identity: subject === '' ? name : `subject:${subject}` },
  };
}
