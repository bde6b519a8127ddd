/**
 * What keeps a page live in the browser, as text: home says that something changed, the page asks for itself again, and
 * what differs is put in place, so that focus, scrolling, selection and half-written fields stay. It uses nothing that
 * makes markup of text.
 */
export const pageScript = `(() => {
'use strict';
const live = document.getElementById('live');
const news = document.getElementById('news');
const login = document.getElementById('login');
if (login && login.dataset.to) {
  // Who comes by a link from elsewhere shows no cookie, and may be logged in all the same.
  const asking = new XMLHttpRequest();
  asking.open('GET', login.dataset.to);
  asking.responseType = 'document';
  asking.onload = () => {
    if (asking.status < 400 && asking.response && asking.response.getElementById('live')) location.replace(login.dataset.to);
  };
  asking.send();
}
if (!live) return;
const pollMs = 10000, calmMs = 30000, patienceMs = 15000; let socket, isLive = false, silentSince, loading = false, again = false, loadedAt = performance.now(), tookMs = 0, timer, tries = 0;

const clock = () => new Date().toISOString().slice(11, 19) + ' UTC';
const say = (text, kind) => {
  if (live.textContent !== text) live.textContent = text;
  live.className = kind;
};
const show = () => {
  if (isLive && silentSince === undefined) say('Live', 'live');
  else say('Not live since ' + (silentSince || clock()) + '. Asking every ' + pollMs / 1000 + ' seconds.', 'stale');
};

const sync = (from, to) => {
  if (from.nodeType !== to.nodeType || from.nodeName !== to.nodeName || (from.id || '') !== (to.id || '')) {
    from.replaceWith(document.importNode(to, true));
    return;
  }
  if (from.nodeType !== 1) {
    if (from.data !== to.data) from.data = to.data;
    return;
  }
  for (const { name } of [...from.attributes]) {
    if (!to.hasAttribute(name) && !(name === 'open' && from.nodeName === 'DETAILS')) from.removeAttribute(name);
  }
  for (const { name, value } of to.attributes) {
    if (from.getAttribute(name) !== value && !(name === 'value' && from.nodeName === 'INPUT' && from.type !== 'hidden')) from.setAttribute(name, value);
  }
  children(from, to);
};
const children = (from, to) => {
  const named = new Map([...from.children].filter(({ id }) => id).map((each) => [each.id, each]));
  let at = from.firstChild;
  for (const wanted of to.childNodes) {
    const known = wanted.id && named.get(wanted.id);
    if (known && known !== at) {
      from.insertBefore(known, at);
      at = known;
    }
    if (!at) {
      from.append(document.importNode(wanted, true));
      continue;
    }
    const next = at.nextSibling;
    if (at.id && at.id !== (wanted.id || '')) {
      from.insertBefore(document.importNode(wanted, true), at);
      continue;
    }
    sync(at, wanted);
    at = next;
  }
  while (at) {
    const next = at.nextSibling;
    at.remove();
    at = next;
  }
};

const put = (page) => {
  const main = document.getElementById('main');
  const before = main.dataset.news, focused = document.activeElement;
  for (const id of ['top', 'main']) sync(document.getElementById(id), page.getElementById(id));
  if (document.title !== page.title) document.title = page.title;
  if (main.dataset.news !== before) news.textContent = main.dataset.news;
  if (focused && focused !== document.activeElement && focused.isConnected) focused.focus({ preventScroll: true });
};

const load = () => {
  if (loading || document.hidden) {
    again = true;
    return;
  }
  loading = true;
  again = false;
  const beganAt = performance.now();
  const asking = new XMLHttpRequest();
  asking.open('GET', location.pathname + location.search);
  asking.setRequestHeader('accept', 'text/html');
  asking.responseType = 'document';
  asking.timeout = patienceMs;
  asking.onloadend = () => {
    loading = false;
    loadedAt = performance.now();
    tookMs = loadedAt - beganAt;
    const page = asking.response;
    const isOurs = page && page.getElementById('main') && page.getElementById('live') && asking.status < 500;
    if (page && page.getElementById('login')) {
      location.reload();
      return;
    }
    if (isOurs) {
      put(page);
      silentSince = isLive ? undefined : silentSince;
    } else silentSince = silentSince || clock();
    show();
    if (again) soon();
  };
  asking.send();
};
// A page that takes long is asked for less often, and is still live.
const soon = () => {
  if (timer !== undefined) return;
  const waitMs = Math.max(0, loadedAt + Math.min(tookMs, 1000) - performance.now());
  timer = setTimeout(() => { timer = undefined; load(); }, waitMs);
};

const listen = () => {
  socket = new WebSocket(location.origin.replace(/^http/, 'ws') + live.dataset.live);
  socket.onopen = () => {
    isLive = true;
    tries = 0;
    silentSince = undefined;
    show();
    load();
  };
  socket.onmessage = () => soon();
  socket.onclose = ({ code }) => {
    if (code === 4401) {
      location.reload();
      return;
    }
    if (isLive || silentSince === undefined) silentSince = silentSince || clock();
    isLive = false;
    show();
    tries += 1;
    setTimeout(listen, Math.min(1000 * 2 ** tries, 30000) * (0.5 + Math.random() / 2));
  };
};

document.addEventListener('visibilitychange', () => {
  if (!document.hidden && (again || performance.now() - loadedAt > pollMs)) soon();
});
setInterval(() => {
  if (performance.now() - loadedAt >= (isLive ? calmMs : pollMs) - 500) load();
}, 5000);
listen();
})();
`;
