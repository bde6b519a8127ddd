/** Faults of our own files: seen before any network, so nothing listens on the port. */
import { chmodSync, copyFileSync, mkdirSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { toDer } from '../../support/openssl.ts';
import type { Fault, Files, Scene } from '../fault.ts';
import { asNobody, isRoot } from '../look/elsewhere.ts';
import { asExecutable, inProcess } from '../look/looker.ts';
import type { Stage } from '../stage.ts';

type Arrange = (stage: Stage) => Partial<Scene>;

function local(name: string, code: string, arrange: Arrange): Fault {
  return {
    group: 'own files',
    name,
    expected: { code, side: 'delegate', certain: true },
    stage: async (stage) => ({ port: await stage.port(), ...arrange(stage) }),
  };
}

const withCertificate = (stage: Stage, certPath: string): Partial<Scene> => ({
  client: { certPath, keyPath: stage.clients.good.keyPath },
});

const withKey = (stage: Stage, keyPath: string, ...args: readonly string[]): Partial<Scene> => ({
  client: { certPath: stage.clients.good.certPath, keyPath },
  args,
});

const nowhere = ({ directory }: Stage): string => join(directory, 'nowhere.pem');

function unreadable(stage: Stage, content: string): string {
  const path = stage.write('unreadable.pem', content);
  chmodSync(path, 0o000);
  return path;
}

function emptyDirectory({ directory }: Stage): string {
  const path = join(directory, 'client.crt');
  mkdirSync(path);
  return path;
}

/** Both files, written at one moment and not just now. */
function placed(directory: string, certFrom: string, keyFrom: string): Files {
  const files = { certPath: join(directory, 'client.crt'), keyPath: join(directory, 'client.key') };
  copyFileSync(certFrom, files.certPath);
  copyFileSync(keyFrom, files.keyPath);
  const yesterday = new Date(Date.now() - 86_400_000);
  for (const path of Object.values(files)) utimesSync(path, yesterday, yesterday);
  return files;
}

const doubled = (text: string): string => Buffer.from(text).toString('base64');

export const ownFiles: readonly Fault[] = [
  local('the certificate file does not exist', 'client-certificate-file-missing', (stage) =>
    withCertificate(stage, nowhere(stage)),
  ),
  local('the key file does not exist', 'client-certificate-file-missing', (stage) =>
    withKey(stage, nowhere(stage)),
  ),
  local('neither file of the delegate exists', 'client-certificate-file-missing', (stage) => ({
    client: null,
    env: {
      DELEGATE_CLIENT_CERTIFICATE_PATH: nowhere(stage),
      DELEGATE_CLIENT_CERTIFICATE_KEY_PATH: nowhere(stage),
    },
    look: asExecutable,
  })),
  local('the key file belongs to another user', 'client-certificate-file-unreadable', (stage) => ({
    ...withKey(stage, unreadable(stage, stage.clients.good.key)),
    look: isRoot ? asNobody : inProcess,
  })),
  local('the certificate path is a directory', 'client-certificate-file-is-directory', (stage) =>
    withCertificate(stage, emptyDirectory(stage)),
  ),
  local('the key path is a directory', 'client-certificate-file-is-directory', (stage) =>
    withKey(stage, emptyDirectory(stage)),
  ),
  local('the certificate is DER', 'client-certificate-unparsable', (stage) =>
    withCertificate(stage, stage.write('der.crt', toDer(stage.clients.good.cert))),
  ),
  local('the certificate is a PKCS#12 archive', 'client-certificate-unparsable', (stage) =>
    withCertificate(stage, stage.pki.pkcs12(stage.clients.good, 'secret')),
  ),
  local('the certificate was encoded twice', 'client-certificate-unparsable', (stage) =>
    withCertificate(stage, stage.write('doubled.crt', doubled(stage.clients.good.cert))),
  ),
  local('the certificate file is empty', 'client-certificate-unparsable', (stage) =>
    withCertificate(stage, stage.write('empty.crt', '')),
  ),
  local('the certificate is cut short', 'client-certificate-unparsable', (stage) =>
    withCertificate(
      stage,
      stage.write('cut.crt', stage.clients.good.cert.replace(/\n[^\n]*\n-----END/, '\n-----END')),
    ),
  ),
  local('the key was encoded twice', 'client-key-unparsable', (stage) =>
    withKey(stage, stage.write('doubled.key', doubled(stage.clients.good.key))),
  ),
  local('the key file is empty', 'client-key-unparsable', (stage) =>
    withKey(stage, stage.write('empty.key', '')),
  ),
  local('the key does not decode', 'client-key-unparsable', (stage) =>
    withKey(
      stage,
      stage.write('broken.key', '-----BEGIN PRIVATE KEY-----\nMAAA\n-----END PRIVATE KEY-----\n'),
    ),
  ),
  local('the paths are swapped', 'client-files-swapped', ({ clients: { good } }) => ({
    client: { certPath: good.keyPath, keyPath: good.certPath },
  })),
  local(
    'the key is of another certificate of the same type',
    'client-key-mismatch',
    ({ directory, clients }) => ({
      client: placed(directory, clients.ec.certPath, clients.stranger.keyPath),
    }),
  ),
  local('the key is of another type', 'client-key-mismatch', ({ directory, clients }) => ({
    client: placed(directory, clients.good.certPath, clients.ec.keyPath),
  })),
  {
    group: 'own files',
    name: 'the certificate was replaced a moment ago and its key not yet',
    expected: { code: 'rotation-half-written', side: 'delegate' },
    stage: async (stage) => {
      const { clients, directory } = stage;
      const client = placed(directory, clients.expired.certPath, clients.expired.keyPath);
      copyFileSync(clients.ec.certPath, client.certPath);
      return { port: await stage.port(), client };
    },
  },
  local('the key is encrypted', 'client-key-encrypted', (stage) =>
    withKey(stage, stage.pki.encryptedKey(stage.clients.good, 'secret')),
  ),
  local('the key is encrypted in its old form', 'client-key-encrypted', (stage) =>
    withKey(stage, stage.pki.encryptedKey(stage.clients.good, 'secret', 'legacy')),
  ),
  local('the passphrase is wrong', 'client-key-encrypted', (stage) =>
    withKey(
      stage,
      stage.pki.encryptedKey(stage.clients.good, 'secret'),
      ...['--passphrase-file', stage.write('passphrase', 'other\n')],
    ),
  ),
  local('the certificate has RSA of 1024 bits', 'client-certificate-weak', ({ clients }) => ({
    client: clients.weak,
  })),
  local('the CA file does not exist', 'ca-file-missing', (stage) => ({ ca: nowhere(stage) })),
  local('the CA file belongs to another user', 'ca-file-missing', (stage) => ({
    client: null,
    ca: unreadable(stage, stage.authorities.gateway.cert),
    look: isRoot ? asNobody : inProcess,
  })),
  local('the CA file holds no certificate', 'ca-file-unparsable', (stage) => ({
    ca: stage.write('ca.pem', 'no certificate\n'),
  })),
  local('the CA file is DER', 'ca-file-unparsable', (stage) => ({
    ca: stage.write('ca.der', toDer(stage.authorities.gateway.cert)),
  })),
];
