/** A severity in the numbers of each format. */
import type { Severity } from '../../report/event.ts';

interface Levels {
  /** Of CEF, LEEF and `event.severity`: 0 to 10. */
  readonly outOfTen: number;
  /** OCSF's severity_id and its name. */
  readonly ocsf: number;
  readonly ocsfName: string;
  /** RFC 5424 section 6.2.1. */
  readonly syslog: number;
  readonly logLevel: 'info' | 'notice' | 'warning' | 'error';
}

export const levels: Readonly<Record<Severity, Levels>> = {
  informational: {
    outOfTen: 1,
    ocsf: 1,
    ocsfName: 'Informational',
    syslog: 6,
    logLevel: 'info',
  },
  low: { outOfTen: 3, ocsf: 2, ocsfName: 'Low', syslog: 5, logLevel: 'notice' },
  medium: { outOfTen: 6, ocsf: 3, ocsfName: 'Medium', syslog: 4, logLevel: 'warning' },
  high: { outOfTen: 8, ocsf: 4, ocsfName: 'High', syslog: 3, logLevel: 'error' },
};
