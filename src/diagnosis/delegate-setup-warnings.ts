/** Where the delegate beside us may fare otherwise, because it runs with other files or settings. */

import type { Situation } from './cause.ts';
import { differenceInWords } from './causes/environment-differs.ts';
import { isBefore } from './time.ts';
import type { Look, Warning } from './warning.ts';

export const delegateSetupWarnings: readonly Look[] = [rotatedNotLoaded, environmentDiffers];

function rotatedNotLoaded({ evidence }: Situation): Warning | undefined {
  const { certificateFile, keyFile } = evidence.credential;
  const startedAt = evidence.delegate?.startedAt;
  const newer = [certificateFile, keyFile].find((file) => isBefore(startedAt, file?.modifiedAt));
  if (!newer) return undefined;
  return {
    code: 'rotated-credential-not-loaded',
    title: 'The delegate runs with a certificate from before the last rotation',
    evidence: `It started at ${startedAt} and reads its files once; ${newer.path} changed at ${newer.modifiedAt}.`,
  };
}

function environmentDiffers({ evidence }: Situation): Warning | undefined {
  const differences = evidence.delegate?.differences ?? [];
  if (differences.length === 0) return undefined;
  return {
    code: 'environment-differs',
    title: 'This agent is set up differently from the delegate',
    evidence: differences.map(differenceInWords).join(' '),
  };
}
