/** A report as text in the format that was asked for. */
import type { Config } from '../config/config.ts';
import { type FormatOptions, formats, isFormatName } from '../format/formats.ts';
import { isLineFormatName } from '../format/line-formats.ts';
import type { Report } from '../report/report.ts';

export function rendererOf(
  {
    format,
    verbose = false,
    syslogContent = '',
  }: Pick<Config, 'format' | 'verbose' | 'syslogContent'>,
  appearance: Pick<FormatOptions, 'colour' | 'isTerminal'>,
): (report: Report) => string {
  if (!isFormatName(format)) throw new TypeError('a configuration with an unknown format');
  const options = {
    ...appearance,
    verbose,
    ...(isLineFormatName(syslogContent) && { syslogContent }),
  };
  return (report) => formats[format](report, options);
}
