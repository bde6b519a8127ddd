/** The frame of every view, and the headers that keep it to itself. */
import { createHash } from 'node:crypto';
import { isoTime } from '../../base/clock.ts';
import { constant, html, type Markup, textOf } from '../../format/html/markup.ts';
import { style } from '../../format/html/style.ts';
import type { Reply } from '../receive.ts';
import { paths } from './address.ts';
import { clockInWords, plural } from './in-words.ts';
import { pageScript } from './script.ts';
import { pageStyle } from './style.ts';

export interface Frame {
  /** Undefined before the login. */
  readonly visitor?: {
    readonly name?: string;
    readonly canLogOut: boolean;
    readonly formToken: string;
  };
  readonly openIncidents: number;
  readonly nowMs: number;
}

export interface View {
  readonly title: string;
  readonly main: Markup;
  /** Which part of the page it belongs to. */
  readonly place?: 'fleet' | 'delegates' | 'incidents';
  readonly status?: number;
}

const wholeStyle = style + pageStyle;

const contentSecurityPolicy = [
  "default-src 'none'",
  `script-src '${hashOf(pageScript)}'`,
  `style-src '${hashOf(wholeStyle)}'`,
  ...["connect-src 'self'", "form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'"],
  ...["require-trusted-types-for 'script'", "trusted-types 'none'"],
].join('; ');

/** Nothing is loaded, run or sent but the one script and the one style, which the browser knows by their hashes. */
export const pageHeaders: Readonly<Record<string, string>> = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': contentSecurityPolicy,
  'referrer-policy': 'no-referrer',
  'x-frame-options': 'DENY',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=()',
  vary: 'cookie, authorization',
};

export function pageReply(view: View, frame: Frame, headers: Reply['headers'] = {}): Reply {
  const { status = 200 } = view;
  return {
    status,
    body: {},
    text: documentOf(view, frame),
    headers: { ...pageHeaders, ...headers },
  };
}

export function redirect(to: string, headers: Reply['headers'] = {}): Reply {
  return { status: 303, body: {}, text: '', headers: { ...pageHeaders, location: to, ...headers } };
}

function documentOf({ title, main, place }: View, frame: Frame): string {
  const { visitor, openIncidents, nowMs } = frame;
  const news = newsOf(openIncidents);
  return textOf(html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>${openIncidents > 0 ? `(${openIncidents}) ` : ''}${title} – Sidelight home</title>
<style>${constant(wholeStyle)}</style>
</head>
<body>
<a class="skip" href="#main">Skip to the content</a>
<header id="top">
<p class="brand">Sidelight <span>home</span></p>
${visitor ? navigation(place, openIncidents) : undefined}
${visitor?.canLogOut ? logOutForm(visitor) : undefined}
</header>
<p class="unseen" role="status" id="news"></p>
<main id="main" tabindex="-1" data-news="${news}">
${main}
</main>
<footer id="bottom">
${visitor ? html`<p id="live" data-live="${paths.live}">As of <time datetime="${isoTime(nowMs)}">${clockInWords(nowMs, nowMs)}</time>. <a href="">Load again</a></p>` : undefined}
<p>Times are home's clock where no other is named, in UTC.</p>
</footer>
<script>${constant(pageScript)}</script>
</body>
</html>
`);
}

function newsOf(openIncidents: number): string {
  if (openIncidents === 0) return 'No incident is open.';
  return `${plural(openIncidents, 'incident')} ${openIncidents === 1 ? 'is' : 'are'} open.`;
}

function navigation(place: View['place'], openIncidents: number): Markup {
  const link = (to: string, name: NonNullable<View['place']>, text: Markup): Markup =>
    html`<li><a href="${to}"${place === name ? html` aria-current="page"` : undefined}>${text}</a></li>\n`;
  const count =
    openIncidents === 0
      ? undefined
      : html` <span class="count">${openIncidents}<span class="unseen"> open</span></span>`;
  return html`<nav aria-label="Views"><ul>
${link(paths.fleet, 'fleet', html`Fleet`)}${link(paths.incidents, 'incidents', html`Incidents${count}`)}${link(paths.delegates, 'delegates', html`Delegates`)}</ul></nav>`;
}

function logOutForm({ name, formToken }: NonNullable<Frame['visitor']>): Markup {
  return html`<form class="leave" method="post" action="${paths.logout}"><input type="hidden" name="form" value="${formToken}"><span class="soft">${name}</span> <button>Log out</button></form>`;
}

function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}
