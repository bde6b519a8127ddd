/** Certificates, keys and broken things for tests, made with the `openssl` command: the independent judge. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

type KeyType = 'ec' | 'ec384' | 'rsa' | 'rsa1024' | 'ed25519' | 'ed448';

export interface CertificateRequest {
  /** Common name; or a whole subject in OpenSSL's form (`/DC=org/CN=x`) when it starts with a slash. */
  readonly cn: string;
  /** Who signs; absent: itself. */
  readonly ca?: Issued;
  /** In place of a fresh one: the private key file of another certificate. */
  readonly keyPath?: string;
  readonly keyType?: KeyType;
  /** Default: 30 days from now. Overridden by `notAfter`. */
  readonly days?: number;
  /** Default: an hour ago. */
  readonly notBefore?: Date;
  readonly notAfter?: Date;
  /** `clientAuth`, `serverAuth` …; null for no extension. Default: clientAuth. */
  readonly eku?: string | null;
  /** Default: `digitalSignature`; null for no extension. */
  readonly keyUsage?: string | null;
  /** `DNS:localhost,IP:127.0.0.1`. */
  readonly san?: string;
  /** basicConstraints; null for no extension. Default: false. */
  readonly isCa?: boolean | null;
  readonly digest?: string;
  /** More lines for the extension section of OpenSSL's configuration. */
  readonly extensions?: readonly string[];
}

export interface Issued {
  readonly cn: string;
  readonly certPath: string;
  /** PKCS#8, unencrypted. */
  readonly keyPath: string;
  readonly cert: string;
  readonly key: string;
  /** Of the DER, lower hex, as the `openssl` command says. */
  readonly sha256: string;
}

export interface Pki {
  readonly dir: string;
  /** A certificate authority: a root, or an intermediate when `ca` is given. */
  ca(cn: string, request?: Omit<CertificateRequest, 'cn'>): Issued;
  /** A client certificate unless the request says otherwise. */
  leaf(request: CertificateRequest): Issued;
  /** A certificate for a server on loopback: serverAuth, localhost and both loopback addresses. */
  server(request?: Partial<CertificateRequest>): Issued;
  /** The path of a CRL, PEM, that lists the given certificates of this authority. */
  crl(ca: Issued, revoked?: readonly Issued[], days?: number): string;
  /** Writes a file into the directory and gives its path. */
  write(name: string, content: string | Uint8Array): string;
  /** A file of the same certificates, one after the other: leaf first, as servers want it. */
  chain(name: string, ...certificates: readonly Issued[]): string;
  /** The key encrypted: `pkcs8`, or `legacy` with Proc-Type and DEK-Info headers. */
  encryptedKey(issued: Issued, passphrase: string, form?: 'pkcs8' | 'legacy'): string;
  /** The key in its old form: `RSA PRIVATE KEY`, `EC PRIVATE KEY`. */
  traditionalKey(issued: Issued): string;
  /** `forms`: more options, such as those that choose the encryption. */
  pkcs12(issued: Issued, passphrase: string, ...forms: readonly string[]): string;
}

/** Runs `openssl` and gives what it printed. Throws with its own message when it fails. */
export function openssl(args: readonly string[], input?: string | Uint8Array): Buffer {
  return execFileSync('openssl', args, {
    ...(input !== undefined && { input }),
    stdio: ['pipe', 'pipe', 'pipe'],
    maxBuffer: 16 * 1024 * 1024,
  });
}

/** PEM of one certificate as DER. */
export function toDer(certificatePem: string): Buffer {
  const body = /-----BEGIN CERTIFICATE-----([^-]*)-----END/.exec(certificatePem)?.[1] ?? '';
  return Buffer.from(body, 'base64');
}

/** A public key infrastructure below `dir`, which must exist. */
export function makePki(dir: string): Pki {
  let count = 0;
  const file = (name: string): string => join(dir, name);
  const next = (name: string): string => {
    count += 1;
    return file(`${count}-${name.replace(/[^A-Za-z0-9]+/g, '-').slice(0, 40)}`);
  };
  const write = (name: string, content: string | Uint8Array): string => {
    writeFileSync(file(name), content);
    return file(name);
  };
  const pki: Pki = {
    dir,
    write,
    leaf: (request) => issue(next(request.cn), request),
    ca: (cn, request = {}) =>
      pki.leaf({ eku: null, keyUsage: 'keyCertSign,cRLSign', isCa: true, ...request, cn }),
    server: (request = {}) =>
      pki.leaf({
        cn: 'localhost',
        eku: 'serverAuth',
        san: 'DNS:localhost,IP:127.0.0.1,IP:::1',
        ...request,
      }),
    crl: (ca, revoked = [], days = 7) => revoke(next(`${ca.cn}-crl`), ca, revoked, days),
    chain: (name, ...certificates) => write(name, certificates.map(({ cert }) => cert).join('')),
    encryptedKey: ({ cn, keyPath }, passphrase, form = 'pkcs8') => {
      const path = `${next(cn)}.encrypted.pem`;
      const common = ['-in', keyPath, '-out', path, '-passout', `pass:${passphrase}`];
      openssl(
        form === 'pkcs8'
          ? ['pkcs8', '-topk8', '-iter', '1', ...common]
          : ['pkey', '-traditional', '-aes128', ...common],
      );
      return path;
    },
    traditionalKey: ({ cn, keyPath }) => {
      const path = `${next(cn)}.traditional.pem`;
      openssl(['pkey', '-traditional', '-in', keyPath, '-out', path]);
      return path;
    },
    pkcs12: ({ cn, certPath, keyPath }, passphrase, ...forms) => {
      const path = `${next(cn)}.p12`;
      const files = ['-inkey', keyPath, '-in', certPath, '-out', path];
      openssl(['pkcs12', '-export', ...forms, ...files, '-passout', `pass:${passphrase}`]);
      return path;
    },
  };
  return pki;
}

const keyArguments: Readonly<Record<KeyType, readonly string[]>> = {
  ec: ['EC', '-pkeyopt', 'ec_paramgen_curve:P-256'],
  ec384: ['EC', '-pkeyopt', 'ec_paramgen_curve:P-384'],
  rsa: ['RSA', '-pkeyopt', 'rsa_keygen_bits:2048'],
  rsa1024: ['RSA', '-pkeyopt', 'rsa_keygen_bits:1024'],
  ed25519: ['ED25519'],
  ed448: ['ED448'],
};

/** OpenSSL 3.0 sets dates with `openssl ca` only, so every certificate goes that way. */
function issue(stem: string, request: CertificateRequest): Issued {
  const { cn, ca, digest = 'sha256' } = request;
  const certPath = `${stem}.crt`;
  const keyPath = request.keyPath ?? `${stem}.key`;
  if (request.keyPath === undefined) {
    openssl(['genpkey', '-algorithm', ...keyArguments[request.keyType ?? 'ec'], '-out', keyPath]);
  }
  const config = writeConfiguration(stem, extensionLines(request));
  const subject = cn.startsWith('/') ? cn : `/CN=${cn.replace(/[\\/+]/g, '\\$&')}`;
  const names = ['-subj', subject, '-utf8', '-multivalue-rdn'];
  const csr = `${stem}.csr`;
  openssl(['req', '-new', '-key', keyPath, '-config', config, ...names, '-out', csr]);
  const notBefore = request.notBefore ?? new Date(Date.now() - 3_600_000);
  const notAfter = request.notAfter ?? new Date(Date.now() + (request.days ?? 30) * 86_400_000);
  const signer = ca
    ? ['-cert', ca.certPath, '-keyfile', ca.keyPath]
    : ['-selfsign', '-keyfile', keyPath];
  openssl([
    ...['ca', '-batch', '-notext', '-preserveDN', '-config', config],
    ...['-in', csr, '-out', certPath, '-extensions', 'made', '-md', digest],
    ...['-startdate', asn1Time(notBefore), '-enddate', asn1Time(notAfter)],
    ...signer,
  ]);
  const cert = readFileSync(certPath, 'utf8');
  return { cn, certPath, keyPath, cert, key: readFileSync(keyPath, 'utf8'), sha256: sha256(cert) };
}

function extensionLines(request: CertificateRequest): readonly string[] {
  const { eku = 'clientAuth', keyUsage = 'digitalSignature', isCa = false, san } = request;
  return [
    ...(isCa === null ? [] : [`basicConstraints=critical,CA:${isCa ? 'TRUE' : 'FALSE'}`]),
    'subjectKeyIdentifier=hash',
    'authorityKeyIdentifier=keyid',
    ...(eku === null ? [] : [`extendedKeyUsage=${eku}`]),
    ...(keyUsage === null ? [] : [`keyUsage=critical,${keyUsage}`]),
    ...(san === undefined ? [] : [`subjectAltName=${san}`]),
    ...(request.extensions ?? []),
  ];
}

/** A configuration of its own, with an empty database beside it. */
function writeConfiguration(stem: string, extensions: readonly string[]): string {
  const database = `${stem}.database`;
  mkdirSync(database, { recursive: true });
  writeFileSync(join(database, 'index'), '');
  writeFileSync(join(database, 'crlnumber'), '01\n');
  const lines = [
    '[ca]',
    'default_ca=here',
    '[here]',
    `database=${database}/index`,
    `new_certs_dir=${database}`,
    `crlnumber=${database}/crlnumber`,
    'rand_serial=yes',
    'unique_subject=no',
    'policy=any',
    'default_md=sha256',
    'string_mask=utf8only',
    '[any]',
    '[req]',
    'distinguished_name=any',
    'string_mask=utf8only',
    '[made]',
    ...extensions,
  ];
  writeFileSync(`${database}/cnf`, `${lines.join('\n')}\n`);
  return `${database}/cnf`;
}

function revoke(stem: string, ca: Issued, revoked: readonly Issued[], days: number): string {
  const config = writeConfiguration(stem, []);
  const signer = ['-config', config, '-cert', ca.certPath, '-keyfile', ca.keyPath];
  for (const { certPath } of revoked) openssl(['ca', ...signer, '-revoke', certPath]);
  const path = `${stem}.pem`;
  const seconds = String(Math.ceil(days * 86_400));
  openssl(['ca', ...signer, '-gencrl', '-crlsec', seconds, '-out', path]);
  return path;
}

function sha256(certificatePem: string): string {
  const printed = openssl(['x509', '-noout', '-fingerprint', '-sha256'], certificatePem).toString();
  return printed.replace(/^.*=|[:\s]/g, '').toLowerCase();
}

/** `YYYYMMDDHHMMSSZ`. */
function asn1Time(date: Date): string {
  return `${date.toISOString().slice(0, 19).replace(/\D/g, '')}Z`;
}
