/** `NAME=value` lines as shells, `docker run --env-file` and systemd read them; and what /proc/PID/environ holds. Pure. */

/**
 * The last mention of a name counts. Comments and lines that assign nothing are passed over. Nothing is
 * expanded: a `$` stands for itself.
 */
export function parseAssignments(text: string): ReadonlyMap<string, string> {
  // The environment of a process (proc(5)) ends each assignment with a zero octet and quotes nothing.
  const isProcess = text.includes('\0');
  const assignments = new Map<string, string>();
  for (const line of text.replace(/^\ufeff/, '').split(isProcess ? '\0' : /\r\n|\n|\r/)) {
    const [, name, value] = /^\s*(?:export\s+)?([A-Za-z_]\w*)=(.*)$/s.exec(line) ?? [];
    if (name === undefined || value === undefined) continue;
    assignments.set(name, isProcess ? value : withoutQuotes(value.trim()));
  }
  return assignments;
}

/** One piece of a word: quoted, escaped, or plain. */
const piece = /'([^']*)'?|"((?:[^"\\]|\\.)*)"?|\\(.)|([^'"\\]+)/gsy;

/** A value that begins with a quote ends with its word, so that a comment may follow; any other is the whole line. */
function withoutQuotes(value: string): string {
  const isQuoted = /^['"]/.test(value);
  let plain = '';
  for (const [, single, double, escaped, bare] of value.matchAll(piece)) {
    if (isQuoted && bare !== undefined && /^\s/.test(bare)) break;
    plain += single ?? double?.replace(/\\(["\\$`])/g, '$1') ?? escaped ?? bare ?? '';
  }
  return plain;
}
