/** The parts of the text that say what was seen. */
import type { CertificateSeen, Step } from '../evidence/evidence.ts';
import type { Report } from '../report/report.ts';
import {
  answerFacts,
  circumstanceFacts,
  credentialFacts,
  type Fact,
  stepInWords,
  tlsFacts,
} from './facts.ts';
import type { Paint, Style } from './paint.ts';
import { bullet, wrap } from './paragraph.ts';
import { alertInWords, dropInWords, validityInWords } from './words.ts';

const stepStyle: Readonly<Record<Step['outcome'], Style>> = {
  passed: 'green',
  failed: 'red',
  skipped: 'dim',
};

export function stepLines(report: Report, paint: Paint): readonly string[] {
  return report.steps.flatMap((step) => {
    const duration = step.durationMs === undefined ? '' : `${step.durationMs.toFixed(1)} ms`;
    const label = `  ${step.name.padEnd(10)}${step.outcome.padEnd(8)}${duration.padStart(12)}  `;
    const words = stepInWords(step, report);
    const [first = label, ...rest] = wrap(words, label, ' '.repeat(label.length));
    // Painted after wrapping: escape sequences have no width.
    return [
      first.replace(step.outcome, (word) => paint(stepStyle[step.outcome], word)),
      ...rest,
    ].map((line) => line.trimEnd());
  });
}

export function factLines(facts: readonly Fact[]): readonly string[] {
  return facts.flatMap(({ name, value }) =>
    wrap(value, `  ${name.padEnd(22)}`, ' '.repeat(24)).map((line) => line.trimEnd()),
  );
}

export function tlsLines(report: Report): readonly string[] {
  return factLines(tlsFacts(report));
}

export function alertLines({ alerts }: Report): readonly string[] {
  return alerts.flatMap((alert) => wrap(alertInWords(alert), '  ', '    '));
}

export function serverLines({ tls, time }: Report): readonly string[] {
  return (tls?.serverCertificates ?? []).flatMap((certificate, index) =>
    certificateLines(certificate, `${index + 1}`, time),
  );
}

function certificateLines(
  certificate: CertificateSeen,
  label: string,
  now: string,
): readonly string[] {
  const { subject = 'does not parse', issuer, subjectAltNames = [], sha256 } = certificate;
  const validity = validityInWords(certificate, now);
  const indent = `  ${' '.repeat(label.length)} `;
  return [
    ...wrap(subject || 'no subject', `  ${label} `, indent),
    ...(issuer === undefined ? [] : wrap(`issued by ${issuer}`, indent)),
    ...(validity === undefined ? [] : wrap(`valid ${validity}`, indent)),
    ...(subjectAltNames.length > 0 ? wrap(subjectAltNames.join(' '), indent) : []),
    ...wrap(`SHA-256 ${sha256}`, indent),
  ];
}

export function presentedLines(report: Report): readonly string[] {
  const { clientCertificate, credential, time } = report;
  const files = factLines(credentialFacts(report));
  if (!clientCertificate && !credential.certificateFile) return ['  none is configured', ...files];
  return [...(clientCertificate ? certificateLines(clientCertificate, '1', time) : []), ...files];
}

export function answerLines(report: Report): readonly string[] {
  return factLines(answerFacts(report));
}

export function dropLines({ drops = [] }: Report): readonly string[] {
  return drops.flatMap((drop) => bullet(dropInWords(drop)));
}

export function circumstanceLines(report: Report): readonly string[] {
  return factLines(circumstanceFacts(report));
}
