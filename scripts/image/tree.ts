/** A tree like a delegate's image, made by hand: the executable, what it is linked to, CA certificates, and nothing else. */
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  copyFileSync,
  mkdirSync,
  realpathSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Issued } from '../../test/support/openssl.ts';

/** The delegate's user and group (its image says USER 1001, and the group is root's). */
export const delegateUser = { uid: 1001, gid: 0 } as const;

export interface ImageFiles {
  readonly executable: string;
  readonly client: Issued;
  /** What the delegate is to trust besides the usual ones. */
  readonly gatewayCa: Issued;
  /** Resolves to loopback within. */
  readonly gatewayName: string;
}

/** Gives the names of the libraries that the executable is linked to. */
export function makeTree(root: string, files: ImageFiles): readonly string[] {
  const directories = [
    ...['usr/bin', 'usr/lib64', 'usr/local/bin', 'etc/pki/tls/certs', 'etc/mtls', 'proc', 'dev'],
    ...['tmp', 'run/secrets', 'opt/harness-delegate/ca-bundle', 'var/lib'],
  ];
  for (const path of directories) mkdirSync(join(root, path), { recursive: true });
  symlinkSync('usr/lib64', join(root, 'lib64'));
  symlinkSync('usr/lib64', join(root, 'lib'));
  symlinkSync('usr/bin', join(root, 'bin'));
  for (const device of ['null', 'zero', 'urandom']) writeFileSync(join(root, 'dev', device), '');
  install(files.executable, join(root, 'usr/local/bin/sidelight'), 0o755);
  const libraries = librariesOf(files.executable);
  for (const path of libraries) install(path, join(root, 'usr/lib64', basename(path)), 0o755);
  writeFileSync(join(root, 'etc/ld.so.conf'), '/usr/lib64\n');
  execFileSync('ldconfig', ['-r', root]);
  writeSettings(root, files);
  return libraries.map((path) => basename(path));
}

function writeSettings(root: string, { client, gatewayCa, gatewayName }: ImageFiles): void {
  const { uid, gid } = delegateUser;
  const write = (path: string, text: string, mode = 0o644): void => {
    const full = join(root, path);
    writeFileSync(full, text);
    chmodSync(full, mode);
  };
  write(
    'etc/passwd',
    `root:x:0:0::/root:/sbin/nologin\ndelegate:x:${uid}:${gid}::/opt/harness-delegate:/sbin/nologin\n`,
  );
  write('etc/group', 'root:x:0:\n');
  write('etc/nsswitch.conf', 'hosts: files dns\n');
  write('etc/hosts', `127.0.0.1 localhost ${gatewayName}\n`);
  copyFileSync('/etc/ssl/certs/ca-certificates.crt', join(root, 'etc/pki/tls/certs/ca-bundle.crt'));
  write('opt/harness-delegate/ca-bundle/ca.bundle', gatewayCa.cert);
  write('etc/mtls/client.crt', client.cert, 0o440);
  write('etc/mtls/client.key', client.key, 0o440);
  for (const name of ['client.crt', 'client.key']) {
    chownSync(join(root, 'etc/mtls', name), uid, gid);
  }
}

function install(from: string, to: string, mode: number): void {
  mkdirSync(dirname(to), { recursive: true });
  copyFileSync(realpathSync(from), to);
  chmodSync(to, mode);
}

/** With the loader itself. */
function librariesOf(executable: string): readonly string[] {
  const printed = execFileSync('ldd', [executable], { encoding: 'utf8' });
  return [...printed.matchAll(/(\/\S+) \(0x/g)].map(([, path = '']) => path);
}
