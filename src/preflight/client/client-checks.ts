/** Every check of a client's credential, a line each, in the order in which they are read. */
import type { Check } from '../check.ts';
import {
  caExpired,
  caMissing,
  caUnparsable,
  clientCaExpired,
  clientCaNoAuthority,
  clientCaNotYetValid,
  clientCaUnusable,
} from './anchors.ts';
import {
  chainOrder,
  intermediateMissing,
  intermediateNotCa,
  intermediatePurpose,
  issuerNotAccepted,
} from './chain.ts';
import type { ClientSubject } from './client-subject.ts';
import { criticalExtensionUnknown, nameNotPermitted, pathTooLong } from './constraints.ts';
import {
  certificateExpired,
  certificateExpiresSoon,
  certificateNotYetValid,
  intermediateExpired,
  intermediateExpiresFirst,
  intermediateNotYetValid,
} from './dates.ts';
import { keyUnusableByDelegate, trustStoreUnusable } from './delegate.ts';
import {
  certificateFileWritable,
  fileIsDirectory,
  fileMissing,
  fileUnreadable,
  keyFileExposed,
} from './files.ts';
import { keyEncrypted, keyMismatch } from './pair.ts';
import {
  byteOrderMark,
  carriageReturns,
  certificateUnparsable,
  filesSwapped,
  keyUnparsable,
} from './pem.ts';
import {
  certificateIsCa,
  certificateKeyUsage,
  certificatePurpose,
  certificateSelfSigned,
} from './purpose.ts';
import { certificateRevoked, crlNotYetValid, crlOutdated, crlUnusable } from './revocation.ts';
import { certificateWeak, keyTypeUnusable } from './strength.ts';

export const clientChecks: readonly Check<ClientSubject>[] = [
  fileMissing,
  fileIsDirectory,
  fileUnreadable,
  keyFileExposed,
  certificateFileWritable,
  filesSwapped,
  certificateUnparsable,
  keyUnparsable,
  byteOrderMark,
  carriageReturns,
  keyEncrypted,
  keyMismatch,
  certificateExpired,
  certificateNotYetValid,
  certificateExpiresSoon,
  certificatePurpose,
  certificateKeyUsage,
  certificateIsCa,
  certificateSelfSigned,
  certificateWeak,
  keyTypeUnusable,
  intermediateMissing,
  chainOrder,
  intermediateNotCa,
  intermediatePurpose,
  pathTooLong,
  nameNotPermitted,
  criticalExtensionUnknown,
  intermediateExpired,
  intermediateNotYetValid,
  intermediateExpiresFirst,
  clientCaUnusable,
  issuerNotAccepted,
  clientCaNoAuthority,
  clientCaExpired,
  clientCaNotYetValid,
  crlUnusable,
  crlNotYetValid,
  crlOutdated,
  certificateRevoked,
  caMissing,
  caUnparsable,
  caExpired,
  keyUnusableByDelegate,
  trustStoreUnusable,
];
