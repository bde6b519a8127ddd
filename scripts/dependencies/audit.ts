/** What `npm audit --json` said of known vulnerabilities. */
import type { Lock } from './run-time-tree.ts';
import { runTimePackages } from './run-time-tree.ts';

export type Audited =
  | {
      readonly kind: 'done';
      readonly atRunTime: readonly string[];
      readonly forDevelopment: readonly string[];
    }
  /** The registry has no such endpoint, or was not reached. */
  | { readonly kind: 'impossible'; readonly because: string };

interface Said {
  readonly auditReportVersion?: number;
  readonly statusCode?: number;
  readonly error?: { readonly code?: string };
  readonly vulnerabilities?: Readonly<
    Record<string, { readonly severity?: string; readonly nodes?: readonly string[] }>
  >;
}

export function readAudit(printed: string, lock: Lock): Audited {
  const said = parse(printed);
  if (said?.vulnerabilities === undefined || said.auditReportVersion !== 2) {
    const because = said?.statusCode ?? said?.error?.code ?? 'no report';
    return { kind: 'impossible', because: `${because}` };
  }
  const atRunTime: string[] = [];
  const forDevelopment: string[] = [];
  const running = runTimePackages(lock);
  for (const [name, { severity, nodes = [] }] of Object.entries(said.vulnerabilities)) {
    const line = `${name}: ${severity ?? 'of unknown severity'} (${nodes.join(', ')})`;
    // Without a place it may stand anywhere.
    const runs = nodes.length === 0 || nodes.some((node) => running.has(node));
    (runs ? atRunTime : forDevelopment).push(line);
  }
  return { kind: 'done', atRunTime, forDevelopment };
}

function parse(text: string): Said | undefined {
  try {
    return JSON.parse(text) as Said;
  } catch {
    return undefined;
  }
}
