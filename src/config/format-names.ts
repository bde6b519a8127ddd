/** The names that `--format` takes. */

export const formatNames: readonly string[] = ['json', 'text'];
