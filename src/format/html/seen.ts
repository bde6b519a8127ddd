/** The sections that say what was seen on the connection, and the report as it is. */
import type { CertificateSeen } from '../../evidence/evidence.ts';
import type { Report } from '../../report/report.ts';
import { answerFacts, circumstanceFacts, credentialFacts, type Fact, tlsFacts } from '../facts.ts';
import { alertInWords, dropInWords, validityInWords } from '../words.ts';
import { html, lines, type Markup } from './markup.ts';
import { bulletList, factList, section } from './section.ts';

export function alertsSection({ alerts }: Report): Markup | undefined {
  const items = alerts.map(
    (alert) => html`<span class="${alert.level}">${alertInWords(alert)}</span>`,
  );
  return section('alerts', 'Alerts', bulletList(items));
}

export function connectionSection(report: Report): Markup | undefined {
  return section('tls', 'TLS', factList(tlsFacts(report)));
}

export function answersSection(report: Report): Markup | undefined {
  return section('answers', 'Answers', factList(answerFacts(report)));
}

export function dropsSection({ drops = [] }: Report): Markup | undefined {
  return section('drops', 'How connections that stood ended', bulletList(drops.map(dropInWords)));
}

export function serverSection({ tls, time }: Report): Markup | undefined {
  const chain = tls?.serverCertificates ?? [];
  const cards = chain.map((each, index) => certificate(each, `Certificate ${index + 1}`, time));
  return section('server', 'The server presented', ...(cards.length > 0 ? [cards] : []));
}

export function ourSection(report: Report): Markup | undefined {
  const { clientCertificate, credential, time } = report;
  const isConfigured = clientCertificate !== undefined || credential.certificateFile !== undefined;
  return section(
    'ours',
    'Our client certificate',
    isConfigured ? undefined : html`<p>None is configured.</p>`,
    clientCertificate && certificate(clientCertificate, 'Leaf', time),
    factList(credentialFacts(report)),
  );
}

function certificate(seen: CertificateSeen, label: string, now: string): Markup {
  const { subject = 'does not parse', sha256, keyAlgorithm, keyBits } = seen;
  const key = keyAlgorithm && `${keyAlgorithm}${keyBits === undefined ? '' : `, ${keyBits} bits`}`;
  const facts: readonly (readonly [string, string | undefined])[] = [
    ['issued by', seen.issuer],
    ['valid', validityInWords(seen, now)],
    ['names', seen.subjectAltNames?.join(' ')],
    ['serial number', seen.serialNumber],
    ['key', key],
    ['signature', seen.signatureAlgorithm],
    ['purpose', seen.extendedKeyUsage?.join(', ')],
    ['SHA-256', sha256],
    ['SHA-256 of the key', seen.spkiSha256],
  ];
  const known: readonly Fact[] = facts.flatMap(([name, value]) => (value ? [{ name, value }] : []));
  return html`<article class="certificate">
<h3>${label}: ${subject || 'no subject'}</h3>
${factList(known)}
</article>
`;
}

export function reportSection(report: Report): Markup | undefined {
  return section(
    'report',
    'This report',
    factList(circumstanceFacts(report)),
    html`<details class="raw"><summary>The report as JSON</summary>
<pre tabindex="0" role="region" aria-label="The report as JSON"><code>${lines(JSON.stringify(report, null, 2))}</code></pre>
</details>`,
  );
}
