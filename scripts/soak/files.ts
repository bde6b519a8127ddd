/** The delegate's certificate and key on disk, replaced as a rotation replaces them. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Minted, mintCertificate } from '../../src/x509/mint.ts';
import type { LookSeen } from './world.ts';

const dayMs = 86_400_000;

export class Files {
  readonly certPath: string;
  readonly keyPath: string;
  readonly #ca: Minted;
  #current: Minted | undefined;

  static async make(directory: string, nowMs: number): Promise<Files> {
    mkdirSync(directory, { recursive: true });
    const ca = await mintCertificate({
      subject: 'CN=Delegate CA,O=Example',
      isCa: true,
      notBeforeMs: nowMs - 365 * dayMs,
      notAfterMs: nowMs + 3_650 * dayMs,
    });
    return new Files(directory, ca);
  }

  private constructor(directory: string, ca: Minted) {
    this.certPath = join(directory, 'client.crt');
    this.keyPath = join(directory, 'client.key');
    this.#ca = ca;
  }

  /** Another certificate, valid from three days ago on for so many days from now; negative: it has ended. */
  async renew(nowMs: number, days: number): Promise<void> {
    const span = { notBeforeMs: nowMs - 3 * dayMs, notAfterMs: nowMs + days * dayMs };
    this.#current = await mintCertificate({
      subject: 'CN=delegate-1,O=Example',
      issuer: this.#ca,
      extendedKeyUsage: ['clientAuth'],
      ...span,
    });
    this.restore();
  }

  /** Whether a look that saw this certificate, or no key, saw the files as they are now. */
  isShownBy({ client, isLocal }: LookSeen): boolean {
    if (!existsSync(this.keyPath)) return isLocal;
    const { der = new Uint8Array() } = this.#current ?? {};
    return !isLocal && client?.sha256 === createHash('sha256').update(der).digest('hex');
  }

  /** Whole files, by a rename; the key first, as its certificate is looked at with it. */
  restore(): void {
    const { certPem = '', keyPem = '' } = this.#current ?? {};
    for (const [path, text] of [
      [this.keyPath, keyPem],
      [this.certPath, certPem],
    ] as const) {
      writeFileSync(`${path}.new`, text, { mode: 0o600 });
      renameSync(`${path}.new`, path);
    }
  }

  /** Whether there was one. */
  removeKey(): boolean {
    const wasThere = existsSync(this.keyPath);
    rmSync(this.keyPath, { force: true });
    return wasThere;
  }
}
