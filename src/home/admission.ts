/** Who may bring reports: the bearer of a known token, or the holder of a certificate that the client CA issued. */
import type { IncomingMessage } from 'node:http';
import { TLSSocket } from 'node:tls';
import type { SenderTokens, TokenCheck } from './sender-tokens.ts';

export type Admission = (request: IncomingMessage) => TokenCheck;

export function makeAdmission(tokens: SenderTokens | undefined, hasClientCa: boolean): Admission {
  return (request) => {
    const certificate = hasClientCa ? certificateSender(request) : undefined;
    if (certificate !== undefined) return { sender: certificate };
    if (tokens) return tokens.check(request.headers.authorization);
    return hasClientCa ? 'unknown' : { sender: 'anonymous' };
  };
}

function certificateSender({ socket }: IncomingMessage): string | undefined {
  if (!(socket instanceof TLSSocket && socket.authorized)) return undefined;
  const { fingerprint256 } = socket.getPeerCertificate();
  return `certificate:${fingerprint256.replaceAll(':', '').toLowerCase()}`;
}
