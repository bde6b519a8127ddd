/** Every check of a gateway's secret that needs no handshake, in the order in which they are read. */
import { isExpired, isNotYetValid, isWeak } from '../../diagnosis/own-certificate.ts';
import { seeCertificate } from '../../evidence/certificate-seen.ts';
import type { FileSeen } from '../../evidence/evidence.ts';
import { isForHost } from '../../x509/host.ts';
import { type Check, failed, type Judgement, passed, skipped, warned } from '../check.ts';
import { judgeAnchorDates, judgeClientCa } from '../client/anchors.ts';
import type { Leaf } from '../client/client-subject.ts';
import { fileInWords, identityFiles } from '../client/files.ts';
import { byteOrderMark, carriageReturns } from '../client/pem.ts';
import { expiresSoon, lifeInWords } from '../life.ts';
import { anchorsInWords, strengthInWords } from '../path-words.ts';
import { pemFaultInWords } from '../pem-fault-words.ts';
import {
  clientCaExpired,
  clientCaNoAuthority,
  clientCaNotYetValid,
  clientCaUnusable,
} from './client-ca.ts';
import type { GatewaySubject } from './gateway-subject.ts';
import { wordsOf } from './path-faults.ts';

type GatewayCheck = Check<GatewaySubject>;

function ofLeaf(
  code: string,
  title: string,
  judge: (leaf: Leaf, subject: GatewaySubject) => Judgement,
): GatewayCheck {
  return {
    code,
    title,
    judge: (subject) =>
      subject.leaf ? judge(subject.leaf, subject) : skipped('No certificate could be read.'),
  };
}

const unreadable: GatewayCheck = {
  code: 'gateway-secret-unreadable',
  title: 'Certificate and key of the server can be read',
  judge: ({ credential }) => {
    const files = identityFiles(credential);
    const { key } = credential;
    const isClosed = key?.encrypted === true && key.passphraseOpensIt !== true;
    const wrong = files.filter(({ error, content }) => (error ?? content) !== undefined);
    if (wrong.length === 0 && !isClosed) return passed(...files.map(fileInWords));
    return failed(
      'Put certificate and key as PEM into the secret, and give the passphrase of an encrypted key.',
      ...wrong.map(faultInWords),
      ...(isClosed ? ['The key is encrypted, and cannot be opened.'] : []),
    );
  },
};

function faultInWords(file: FileSeen): string {
  const { content } = file;
  return `${fileInWords(file)}${content === undefined ? '' : `: ${content}`}.`;
}

const keyMismatch: GatewayCheck = {
  code: 'gateway-key-mismatch',
  title: "The key belongs to the server's certificate",
  judge: ({ credential: { keyMatchesCertificate } }) => {
    if (keyMatchesCertificate === undefined) return skipped('They could not both be read.');
    if (keyMatchesCertificate) return passed('It is the key of the certificate.');
    return failed(
      'Put the certificate and the key of the same issue together.',
      'The key is not the one in the certificate.',
    );
  },
};

const notLoaded: GatewayCheck = {
  code: 'gateway-secret-not-loaded',
  title: 'A TLS listener starts with the secret',
  judge: ({ listenError, pemFault, credential, leaf, clientCa }) => {
    const { loadError, keyMatchesCertificate, certificateFile } = credential;
    if (!leaf || keyMatchesCertificate === false) return skipped('The files cannot be used.');
    const code = listenError ?? loadError;
    const refused = code === undefined ? [] : [`OpenSSL refuses it (${code}).`];
    if (pemFault) {
      const words = pemFaultInWords(pemFault, certificateFile?.path ?? 'the file');
      return failed(writeAgain, words, ...refused);
    }
    if (code === undefined) {
      return judgeClientCa(clientCa).outcome === 'passed'
        ? passed('One was started on loopback.')
        : skipped('Certificate and key load; the client CA does not.');
    }
    return failed(remedyOf(code), ...refused);
  },
};

const writeAgain =
  'Write the files of certificate and key again, each block whole, and each line ended by a line feed.';

const mismatches: readonly string[] = [
  'ERR_OSSL_X509_KEY_VALUES_MISMATCH',
  'ERR_OSSL_X509_KEY_TYPE_MISMATCH',
];

function remedyOf(code: string): string {
  if (mismatches.includes(code)) {
    return "Put the server's certificate first into its file: OpenSSL takes the first for that of the key.";
  }
  if (!code.startsWith('ERR_SSL_')) return writeAgain;
  return 'Have certificate and CA issued again: OpenSSL, and so most gateways, refuses to load them.';
}

const expired = ofLeaf(
  'server-certificate-expired',
  "The server's certificate has not expired",
  ({ seen }, { now }) =>
    isExpired(seen, now)
      ? failed('Renew the certificate of the server.', `It is ${lifeInWords(seen, now)}.`)
      : passed(`It is ${lifeInWords(seen, now)}.`),
);

const notYetValid = ofLeaf(
  'server-certificate-not-yet-valid',
  "The server's certificate is valid already",
  ({ seen }, { now }) =>
    isNotYetValid(seen, now) && !isExpired(seen, now)
      ? failed(
          'Wait with the rollout, or have it issued again.',
          `It is ${lifeInWords(seen, now)}.`,
        )
      : passed(`It began on ${seen.notBefore}.`),
);

const soon = ofLeaf(
  'server-certificate-expires-soon',
  "The server's certificate does not expire soon",
  ({ seen }, { now }) =>
    !isExpired(seen, now) && expiresSoon(seen, now)
      ? warned('Renew it before it is rolled out.', `It is ${lifeInWords(seen, now)}.`)
      : passed(`It is ${lifeInWords(seen, now)}.`),
);

const purpose = ofLeaf(
  'server-certificate-purpose',
  "The server's certificate is meant for servers",
  ({ seen: { extendedKeyUsage: usages } }, subject) => {
    const wrong = wordsOf(subject, 'server-certificate-purpose');
    if (wrong.length > 0) {
      return failed('Have it issued again with serverAuth in its extendedKeyUsage.', ...wrong);
    }
    if (usages === undefined) return passed('It has no extendedKeyUsage, which allows all.');
    return passed(`Its extendedKeyUsage allows ${usages.join(', ')}.`);
  },
);

const weak = ofLeaf(
  'server-certificate-weak',
  "The server's keys and signatures are strong enough",
  ({ certificate, seen }, subject) => {
    const faults = wordsOf(subject, 'server-certificate-weak');
    const found = faults.length === 0 && isWeak(seen) ? [strengthInWords(certificate)] : faults;
    if (found.length === 0) return passed(strengthInWords(certificate));
    return failed('Have it issued again with RSA 2048 bits or EC P-256, and SHA-256.', ...found);
  },
);

const nameMismatch = ofLeaf(
  'server-certificate-name-mismatch',
  "The server's certificate is for its name",
  ({ certificate, seen }, { serverName }) => {
    if (serverName === undefined) return skipped('No --server-name is given.');
    const names = seen.subjectAltNames?.join(', ') ?? 'no name at all';
    if (isForHost(certificate, serverName)) return passed(`It is for ${names}.`);
    return failed(
      `Have it issued again with DNS:${serverName} in its subjectAltName.`,
      `It is for ${names}, and not for ${serverName}.`,
    );
  },
);

const chainInvalid = ofLeaf(
  'server-chain-invalid',
  "The server's chain is in order, and every issuer in it may issue",
  (_, subject) => {
    const { certificates, path } = subject;
    const wrong = wordsOf(subject, 'server-chain-invalid');
    if (wrong.length > 0) {
      return failed('Have the certificate issued by a CA that may issue it.', ...wrong);
    }
    const at = certificates.findIndex((each, index) => each !== path.path[index]);
    if (at < 0) return passed(...certificates.map(({ subject: { text } }) => `${text}.`));
    return failed(
      "Sort the file: the server's certificate first, then each issuer after what it issued, and nothing else.",
      `${certificates[at]?.subject.text} is not where its place is.`,
    );
  },
);

const intermediateExpired = ofLeaf(
  'server-intermediate-expired',
  "No intermediate of the server's chain has expired",
  (_, subject) => {
    const { verdict, now } = subject;
    const old = wordsOf(subject, 'server-intermediate-expired');
    if (old.length > 0) return failed('Put the renewed intermediate into the file.', ...old);
    const above = verdict?.path.slice(1, verdict.ownFrom) ?? [];
    const intermediates = above.filter(({ isSelfIssued }) => !isSelfIssued);
    return passed(
      ...intermediates.map(
        ({ der, subject: { text } }) => `${text} is ${lifeInWords(seeCertificate(der), now)}.`,
      ),
    );
  },
);

const noCa = 'No --ca is given: what delegates trust is not known.';

const chainIncomplete = ofLeaf(
  'server-chain-incomplete',
  "The server's chain reaches the CA that delegates trust",
  (_, subject) => {
    const { path, ca } = subject;
    if (!ca) return skipped(noCa);
    if (wordsOf(subject, 'server-chain-incomplete').length > 0) {
      return failed(
        `Add the certificate of ${path.missingIssuer} to the file.`,
        `The chain ends below ${path.missingIssuer}, which is not in the file.`,
      );
    }
    return subject.verdict?.isAnchored ? passed() : skipped('It is another CA.');
  },
);

const issuerUntrusted = ofLeaf(
  'server-issuer-untrusted',
  "Delegates trust the CA of the server's certificate",
  (_, subject) => {
    const { ca } = subject;
    if (!ca) return skipped(noCa);
    const wrong = wordsOf(subject, 'server-issuer-untrusted');
    if (wrong.length === 0) return passed();
    return failed(
      'Have the certificate issued by the CA that delegates trust, or give them the new CA first, up to its root.',
      ...wrong,
      `Delegates trust ${anchorsInWords(ca.certificates) || 'nobody'}.`,
    );
  },
);

/** What the server's path rests upon counts; of the others it is only told. */
const caExpired = ofLeaf('ca-expired', 'No CA that delegates trust has expired', (_, subject) => {
  const { ca, now } = subject;
  if (!ca) return skipped(noCa);
  const wrong = wordsOf(subject, 'ca-expired');
  if (wrong.length > 0) return failed('Give delegates the renewed CA first.', ...wrong);
  const judged = judgeAnchorDates(ca.certificates, now);
  return judged.outcome === 'failed' ? { ...judged, outcome: 'warning' } : judged;
});

export const gatewayChecks: readonly GatewayCheck[] = [
  unreadable,
  byteOrderMark,
  carriageReturns,
  keyMismatch,
  notLoaded,
  expired,
  notYetValid,
  soon,
  purpose,
  weak,
  nameMismatch,
  chainInvalid,
  intermediateExpired,
  chainIncomplete,
  issuerUntrusted,
  caExpired,
  clientCaUnusable,
  clientCaExpired,
  clientCaNotYetValid,
  clientCaNoAuthority,
];
