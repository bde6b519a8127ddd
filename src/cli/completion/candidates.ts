/** What a shell may offer in place of a word. */

/** Names of files or directories, one of some words, or what nobody can foresee. */
export type Candidates = 'files' | 'directories' | 'unknown' | readonly string[];

export const shells = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof shells)[number];
