/** What a fault is: how it is staged against real servers, how it is looked at, and what the answer must be. */
import type { Side } from '../../src/diagnosis/cause.ts';
import type { Looker } from './look/looker.ts';
import type { Stage } from './stage.ts';

export interface Fault {
  readonly group: string;
  /** What is wrong, and on what server. Unique. */
  readonly name: string;
  readonly expected: Expected;
  stage(stage: Stage): Promise<Scene> | Scene;
}

export interface Expected {
  readonly code: string;
  readonly side: Side;
  /** False: nothing on this side can tell the cause from its neighbours, so the truth may be an alternative. Default: true. */
  readonly decidable?: false;
  /** The cause must be certain. */
  readonly certain?: true;
  /** Paths that `changes` must name. */
  readonly changes?: readonly string[];
  /** Something must be named as changed, whatever it is. */
  readonly changed?: true;
  /** The report must name this product or fact somewhere in the evidence of its cause. */
  readonly says?: string;
}

/** What to look at. The defaults are those of a delegate that works: its own pair, the gateway's CA, localhost. */
export interface Scene {
  readonly port: number;
  readonly scheme?: 'https' | 'wss';
  readonly host?: string;
  readonly path?: string;
  /** Dialled in place of a resolved one; null: resolve the host. Default: 127.0.0.1. */
  readonly address?: string | null;
  /** Null: none is configured. */
  readonly client?: Files | null;
  /** Null: none is configured. */
  readonly ca?: string | null;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Default: the program's `main` in this process. */
  readonly look?: Looker;
  /** Present: the first look must be accepted, then this happens, and the second look is judged. */
  readonly change?: () => Promise<unknown> | unknown;
}

export interface Files {
  readonly certPath: string;
  readonly keyPath: string;
}
