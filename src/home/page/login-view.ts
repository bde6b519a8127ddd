/** What is shown to those who are not let in: the login, and why not. */
import { html } from '../../format/html/markup.ts';
import { isWithinPage, paths } from './address.ts';
import type { View } from './document.ts';

export function loginView(to: string, fault?: string): View {
  return {
    title: 'Log in',
    status: fault === undefined ? 200 : 403,
    main: html`<div class="login" id="login"${isWithinPage(to) && fault === undefined ? html` data-to="${to}"` : undefined}><h1>Log in</h1>
${fault === undefined ? undefined : html`<p class="note bad" role="alert">${fault}</p>`}
<section aria-label="Log in"><form method="post" action="${paths.login}">
<input type="hidden" name="to" value="${to}">
<input name="username" value="operator" autocomplete="username" hidden>
<div><label for="token">Operator token</label><input id="token" name="token" type="password" autocomplete="current-password" required autofocus maxlength="1024"></div>
<button class="main">Log in</button>
</form>
<p class="soft">It stands in the file that <code>--operator-token-file</code> names. Tokens of senders do not open this page.</p></section></div>`,
  };
}

export function messageView(title: string, text: string, status: number): View {
  return {
    title,
    status,
    main: html`<h1>${title}</h1>
<section aria-label="Message"><p>${text}</p><p><a href="${paths.fleet}">The fleet</a></p></section>`,
  };
}
