/** What the exit code of a command says. */

export const exitCodes = {
  /** `check`: accepted. */
  good: 0,
  /** `check` only. */
  notAccepted: 1,
  /** `home probe-now` only: nobody who is meant is connected. */
  nobody: 1,
  /** `preflight` only: what was judged would break. */
  broken: 1,
  /** `status` only: no agent runs, a target does not accept it, or a receiver takes nothing. */
  troubled: 1,
  /** Of `status`: it could not be told. */
  couldNotRun: 2,
  /** `run` only: it ended itself at its memory ceiling, and is to be started anew. */
  outgrown: 3,
} as const;
