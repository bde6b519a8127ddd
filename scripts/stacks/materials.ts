/** The certificates that the servers and the clients of all cases use, minted for one run. */
import { chmodSync, readFileSync } from 'node:fs';
import type { CredentialConfig } from '../../src/config/config.ts';
import { type Issued, makePki } from '../../test/support/openssl.ts';
import type { Fault } from './fault.ts';

export interface Materials {
  readonly directory: string;
  /** Leaf, intermediate and a stray, as servers send them. */
  readonly serverChainPath: string;
  readonly serverCertPath: string;
  /** What stands behind the leaf. */
  readonly serverExtrasPath: string;
  readonly serverKeyPath: string;
  /** Chain and key in one file. */
  readonly serverPairPath: string;
  /** Whom the servers trust, which is whom they name in CertificateRequest. */
  readonly clientCasPath: string;
  /** The revocation lists of all of them. */
  readonly crlPath: string;
  /** Our side of a case. */
  credentialFor(fault: Fault): CredentialConfig;
}

const day = 86_400_000;

export function mintMaterials(directory: string): Materials {
  const pki = makePki(directory);
  const serverRoot = pki.ca('Gateway Root');
  const intermediate = pki.ca('Gateway Issuing CA', { ca: serverRoot });
  const server = pki.server({ ca: intermediate, keyType: 'rsa' });
  const clientCa = pki.ca('/O=Example/CN=Delegate CA');
  const otherCa = pki.ca('/DC=example/O=Größe, Inc./OU=one+CN=Second CA');
  const stranger = pki.ca('Stranger CA');
  const now = Date.now();
  const revoked = pki.leaf({ cn: 'revoked', ca: clientCa });
  const clients: Readonly<Partial<Record<Fault, Issued>>> = {
    expired: pki.leaf({
      cn: 'expired',
      ca: clientCa,
      notBefore: new Date(now - 9 * day),
      notAfter: new Date(now - 2 * day),
    }),
    'not-yet-valid': pki.leaf({ cn: 'early', ca: clientCa, notBefore: new Date(now + 2 * day) }),
    'unknown-ca': pki.leaf({ cn: 'stranger', ca: stranger }),
    'wrong-purpose': pki.leaf({ cn: 'server', ca: clientCa, eku: 'serverAuth' }),
    'self-signed': pki.leaf({ cn: 'self' }),
    revoked,
  };
  const good = pki.leaf({ cn: 'delegate', ca: clientCa, keyType: 'rsa' });
  const crls = [pki.crl(clientCa, [revoked]), pki.crl(otherCa)];
  const serverPairPath = pki.write(
    'server-pair.pem',
    server.cert + intermediate.cert + stranger.cert + server.key,
  );
  chmodSync(serverPairPath, 0o600);
  return {
    directory,
    serverChainPath: pki.chain('server-chain.pem', server, intermediate, stranger),
    serverCertPath: server.certPath,
    serverExtrasPath: pki.chain('server-extras.pem', intermediate, stranger),
    serverKeyPath: server.keyPath,
    serverPairPath,
    clientCasPath: pki.chain('client-cas.pem', clientCa, otherCa),
    crlPath: pki.write('crls.pem', crls.map((path) => readFileSync(path, 'utf8')).join('')),
    credentialFor: (fault) => {
      const ca = { caPath: serverRoot.certPath };
      if (fault === 'no-client-certificate') return ca;
      const { certPath, keyPath } = clients[fault] ?? good;
      return { ...ca, certPath, keyPath };
    },
  };
}
