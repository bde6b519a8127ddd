/** The door of a running home for the people of its own machine. */

import type { ProgramLog } from '../agent/ports.ts';
import { errorCode } from '../base/cannot-run.ts';
import { type AskForLook, type Control, serveControl } from '../home/control/serve-control.ts';

/** Home does without it where it cannot be had, and says so. */
export async function openHomeControl(
  dataDir: string,
  askForLook: AskForLook,
  log: ProgramLog,
): Promise<Control> {
  try {
    return await serveControl(dataDir, askForLook);
  } catch (error) {
    log.warn('sidelight home probe-now cannot reach this home', { code: errorCode(error) });
    return { close: async () => {} };
  }
}
