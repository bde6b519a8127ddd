/** Incidents for a chat: Slack's incoming webhooks, which Mattermost takes too, and Adaptive Cards for Teams. */
import type { IncidentRecord } from '../../../report/incident-record.ts';

/** What a chat is told: the beginning, the end, and what changes who should look; undefined for the rest. */
export function slackBody(record: IncidentRecord): string | undefined {
  if (!isForPeople(record)) return undefined;
  const text = slackText(plain(record.message));
  const link = record.url === undefined ? '' : `\n${slackText(record.url)}`;
  // Nothing of it is markup; a link in a peer's name is not fetched for a preview.
  return JSON.stringify({
    text: `${markOf(record)} ${text}${link}`,
    mrkdwn: false,
    unfurl_links: false,
    unfurl_media: false,
  });
}

/** Of Power Automate's "When a Teams webhook request is received". */
export function teamsBody(record: IncidentRecord): string | undefined {
  if (!isForPeople(record)) return undefined;
  const { url } = record;
  const content = {
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    type: 'AdaptiveCard',
    version: '1.2',
    body: [{ type: 'TextBlock', text: `${markOf(record)} ${plain(record.message)}`, wrap: true }],
    ...(url !== undefined && {
      actions: [{ type: 'Action.OpenUrl', title: 'Open in Sidelight', url }],
    }),
  };
  const contentType = 'application/vnd.microsoft.card.adaptive';
  return JSON.stringify({
    type: 'message',
    attachments: [{ contentType, contentUrl: null, content }],
  });
}

function isForPeople({ event, incident }: IncidentRecord): boolean {
  if (!incident) return false;
  if (event !== 'incident-updated') return true;
  return incident.what === 'grew' || incident.what === 'cause' || incident.what === 'reopened';
}

function markOf({ event }: IncidentRecord): string {
  if (event === 'incident-closed') return '\u{1f7e2}';
  return event === 'incident-opened' ? '\u{1f534}' : '\u{1f7e0}';
}

/**
 * Characters by which somebody else's text would call people, link or format, by others that look like them: Markdown
 * has escapes that Slack's markup has not, so the text has to do without both.
 */
function plain(text: string): string {
  return text.replace(/[@[\]`|*~#!]/g, (character) =>
    String.fromCodePoint((character.codePointAt(0) ?? 0) + 0xfee0),
  );
}

/** Slack's three control characters, by which `<!channel>` would be one. */
function slackText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
