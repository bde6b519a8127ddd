/** What stands in a bundle, and under which names. */

export const bundleSchemaName = 'sidelight.bundle/1';

export interface Manifest {
  readonly schema: typeof bundleSchemaName;
  readonly time: string;
  readonly host: string;
  /** Of the Sidelight that packed it. */
  readonly version: string;
  /** In the order of the archive, without readme and manifest. */
  readonly contents: readonly BundledFile[];
}

export interface BundledFile {
  readonly name: string;
  readonly sizeBytes: number;
  /** In words for a person. */
  readonly what: string;
}

export const fileNames = {
  readme: 'README.txt',
  manifest: 'manifest.json',
  /** `report.json` for the first, `report-2.json` for the second. */
  report: (index: number, extension: string): string =>
    `report${index === 0 ? '' : `-${index + 1}`}.${extension}`,
  configuration: 'configuration.json',
  environment: 'environment.json',
  status: 'status.json',
  history: 'history.ndjson',
  accepted: 'last-accepted.json',
} as const;
