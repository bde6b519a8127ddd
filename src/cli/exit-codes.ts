/** What the exit code of a command says. */

export const exitCodes = {
  /** `check`: accepted. */
  good: 0,
  /** `check` only. */
  notAccepted: 1,
  couldNotRun: 2,
} as const;
