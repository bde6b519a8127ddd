/** What keeps a receiver from taking reports, in words, with what can be done. */

interface Words {
  /** Follows the name of the receiver. */
  readonly what: string;
  readonly remedy: string;
}

const itself = 'look at the receiver: what waits is kept, and tried again.';

/** By the codes of the delivery; a later agent may know more of them. */
const words: Readonly<Record<string, Words>> = {
  unreachable: {
    what: 'cannot be reached',
    remedy: 'look at the way to the receiver: name, port, proxy, its certificate and CA.',
  },
  timeout: { what: 'does not answer in time', remedy: itself },
  unauthorized: {
    what: 'refuses our credential',
    remedy: 'renew the token or the certificate for the receiver, or its list of senders.',
  },
  'not-found': { what: 'knows no such place', remedy: "correct the path of the receiver's URL." },
  overloaded: { what: 'has too much to do', remedy: itself },
  'server-error': { what: 'has a fault of its own', remedy: itself },
  redirected: {
    what: 'sends us elsewhere, which is not followed',
    remedy: "correct the receiver's URL: redirects are not followed.",
  },
  'reports-refused': {
    what: 'refused reports for good',
    remedy:
      'see in the log of the receiver why, and compare its version: what was refused is set aside.',
  },
  'unexpected-status': {
    what: 'gives an answer that means nothing here',
    remedy: "look whether the receiver's URL leads to a receiver.",
  },
  gone: {
    what: 'says that it is gone for good',
    remedy: 'take the receiver out of the configuration, or start the agent anew.',
  },
  'credential-unreadable': {
    what: 'is not asked, because our files for it cannot be read',
    remedy: 'put right the token, CA, certificate or key file for the receiver.',
  },
  'spool-failed': {
    what: 'gets nothing, because the state directory cannot be read',
    remedy: 'look at the disk under the state directory.',
  },
};

export function troubleInWords(code: string): string {
  return find(code)?.what ?? 'takes no reports';
}

export function troubleRemedy(code = ''): string {
  return find(code)?.remedy ?? itself;
}

function find(code: string): Words | undefined {
  return Object.hasOwn(words, code) ? words[code] : undefined;
}
