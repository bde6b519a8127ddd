/** What stands in the files: PEM of the right kind, written as other programs read it. */
import { archiveFaults } from '../../diagnosis/local-files.ts';
import { plural } from '../../diagnosis/time.ts';
import type {
  ArchiveFault,
  ContentFault,
  CredentialSeen,
  DelegateSeen,
  FileSeen,
} from '../../evidence/evidence.ts';
import { type Check, failed, type Judgement, passed, skipped, warned } from '../check.ts';
import type { ClientSubject } from './client-subject.ts';
import { type CertificateFiles, certificateFiles, eachOnce } from './files.ts';

type PemCheck = Check<ClientSubject>;

function areSwapped({ certificateFile, keyFile }: CredentialSeen): boolean {
  const isOther = certificateFile?.content === 'wrong-block' && keyFile?.content === 'wrong-block';
  return isOther && certificateFile.path !== keyFile.path;
}

export const filesSwapped: PemCheck = {
  code: 'client-files-swapped',
  title: 'The paths of certificate and key are not swapped',
  judge: ({ credential }) => {
    const { certificateFile, keyFile } = credential;
    if (!areSwapped(credential)) return passed();
    return failed(
      'Swap the paths of the certificate and the key.',
      `${certificateFile?.path} holds no certificate but another PEM block.`,
      `${keyFile?.path} holds no private key but another PEM block.`,
    );
  },
};

export const certificateUnparsable: PemCheck = {
  code: 'client-certificate-unparsable',
  title: 'The certificate file holds certificates that decode',
  judge: ({ credential, certificates }) => {
    if (areSwapped(credential)) return skipped('The two paths are swapped.');
    const { certificateFile, loadError, keyMatchesCertificate } = credential;
    const fault = contentFault(certificateFile, 'certificate');
    if (fault) return fault;
    if (loadError !== undefined && keyMatchesCertificate === undefined) {
      return failed(remedies.unparsable, `OpenSSL does not load it (${loadError}).`);
    }
    return passed(`It holds ${plural(certificates.length, 'certificate')}.`);
  },
};

export const keyUnparsable: PemCheck = {
  code: 'client-key-unparsable',
  title: 'The key file holds a private key that decodes',
  judge: ({ credential }) => {
    if (areSwapped(credential)) return skipped('The two paths are swapped.');
    const { keyFile, key } = credential;
    const fault = contentFault(keyFile, 'private key');
    if (fault) return fault;
    const { algorithm, bits, label } = key ?? {};
    const size = bits === undefined ? '' : ` of ${bits} bits`;
    return passed(`It holds a key ${algorithm ?? 'that is still closed'}${size} (${label}).`);
  },
};

function contentFault(file: FileSeen | undefined, wanted: string): Judgement | undefined {
  if (file?.error === 'TOO_LARGE') return failed(remedies['no-pem-block'], `${file.path} is huge.`);
  if (file === undefined || file.error !== undefined) return skipped('The file could not be read.');
  const { content, archive, path, byteOrderMark } = file;
  if (content === undefined) return undefined;
  if (content === 'pkcs12' && archive) {
    return failed(archiveRemedies[archive], `${path} ${archiveFaults[archive]}.`);
  }
  const mark = byteOrderMark === 'utf-16' ? ' It is written in UTF-16.' : '';
  return failed(remedies[content], `${path} ${contents[content](wanted)}.${mark}`);
}

const contents: Readonly<Record<ContentFault, (wanted: string) => string>> = {
  empty: () => 'is empty',
  'no-pem-block': () => 'holds no PEM block',
  der: () => 'holds DER where PEM is expected',
  pkcs12: () => 'is a PKCS#12 archive where PEM is expected',
  'base64-of-pem': () => 'holds base64 of a PEM text: the secret was encoded twice',
  'wrong-block': (wanted) => `holds PEM blocks, and none of them is a ${wanted}`,
  unparsable: (wanted) => `holds a ${wanted} in PEM, and what is in it does not decode`,
};

const theirPem =
  'the PEM out of it: openssl pkcs12 -in FILE -nokeys for the certificates, -nocerts -noenc for the key.';

const remedies: Readonly<Record<ContentFault, string>> = {
  empty: 'Write the PEM into the file; an empty one is what an interrupted copy leaves.',
  'no-pem-block': 'Export it again as PEM, in ASCII or UTF-8, and replace the file.',
  der: 'Convert it to PEM: openssl x509 -inform DER for a certificate, openssl pkey -inform DER for a key.',
  pkcs12: `Take ${theirPem}`,
  'base64-of-pem':
    'Decode it once (base64 -d): Kubernetes encodes what stands below stringData by itself, and takes data as encoded.',
  'wrong-block': 'Name the file that holds it, or put it into this one.',
  unparsable: 'Export it again as PEM and replace the file; it may have been cut short.',
};

const archiveRemedies: Readonly<Record<ArchiveFault, string>> = {
  'passphrase-missing': `Give its --passphrase-file, or take ${theirPem}`,
  'wrong-passphrase': 'Give the passphrase of this archive in the --passphrase-file.',
  'unsupported-encryption':
    'Have it exported with AES-256, or take the PEM out of it: openssl pkcs12 -legacy -in FILE.',
  damaged: 'Export it again and replace the file; it may have been cut short.',
};

interface Written extends CertificateFiles {
  readonly delegate?: DelegateSeen;
}

/** OpenSSL strips it since 3.0 (openssl/openssl#10112); Java's CertificateFactory does not. */
export const byteOrderMark: Check<Written> = {
  code: 'pem-byte-order-mark',
  title: 'No file of certificate, key or CA begins with a byte order mark',
  judge: (subject) => {
    const marked = pemFiles(subject).filter((file) => file.byteOrderMark !== undefined);
    if (marked.length === 0) return passed();
    const { certificateFile, keyFile } = subject.credential;
    const isOurs = marked.some(({ path }) => [certificateFile?.path, keyFile?.path].includes(path));
    // Java trusts by its trust store, not by a CA file.
    const judge = isOurs && subject.delegate ? failed : warned;
    return judge(
      'Save it again in UTF-8 without a byte order mark.',
      ...marked.map(({ path }) => `PEM in ${path} begins with a byte order mark (EF BB BF).`),
      'OpenSSL since 3.0 reads past it, and so do Node.js, nginx and we; OpenSSL before 3.0 misses the block.',
      'Java finds no certificate in such a file, and its loaders of keys refuse one where they decode strictly.',
    );
  },
};

export const carriageReturns: Check<Written> = {
  code: 'pem-carriage-returns',
  title: 'Lines of certificate, key and CA files end with a line feed alone',
  judge: (subject) => {
    const files = pemFiles(subject);
    const bare = files.filter((file) => file.bareCarriageReturns === true);
    const crlf = files
      .filter((file) => file.carriageReturns === true)
      .map(({ path }) => `Lines of PEM in ${path} end with CRLF.`);
    if (bare.length > 0) {
      return failed(
        "Save it again with line feeds alone (tr '\\r' '\\n').",
        ...bare.map(({ path }) => `Lines of PEM in ${path} end with a carriage return alone.`),
        'OpenSSL, and so Node.js, Python and nginx, does not find such a block; Java and we do.',
        ...crlf,
      );
    }
    if (crlf.length === 0) return passed();
    return warned(
      "Save it again with line feeds alone (sed -i 's/\\r$//').",
      ...crlf,
      'TLS libraries take them; scripts and loaders that cut the text themselves may not.',
    );
  },
};

/** What cannot be read as PEM at all is told by other checks. */
function pemFiles(subject: Written): readonly FileSeen[] {
  const files = eachOnce([...certificateFiles(subject), subject.credential.keyFile]);
  return files.filter(({ content, error }) => content === undefined && error === undefined);
}
