/** A real home with its page, and a browser's part of HTTP. */
import { once } from 'node:events';
import { request as plainRequest } from 'node:http';
import { request as tlsRequest } from 'node:https';
import type { HomeOptions } from '../../../src/home/start-home.ts';
import { openHome } from '../open-home.ts';

export interface Asking {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly form?: Readonly<Record<string, string>>;
  readonly tls?: Readonly<Record<string, unknown>>;
}

export async function openPages(options: Partial<HomeOptions> = {}) {
  const home = await openHome(options);
  const ask = async (path: string, { headers = {}, form, tls = {}, ...rest }: Asking = {}) => {
    const send = home.url.startsWith('https') ? tlsRequest : plainRequest;
    const type = form && { 'content-type': 'application/x-www-form-urlencoded' };
    const request = send(new URL(path, home.url), {
      ...{ agent: false, method: form ? 'POST' : 'GET', ...rest, ...tls },
      headers: { accept: 'text/html', ...type, ...headers },
    });
    request.end(form && new URLSearchParams(form).toString());
    const [response] = await once(request, 'response');
    let text = '';
    for await (const chunk of response.setEncoding('utf8')) text += chunk;
    const { location, 'set-cookie': cookies = [] } = response.headers;
    return {
      status: response.statusCode as number,
      headers: response.headers as Readonly<Record<string, string>>,
      location: location as string | undefined,
      setCookie: cookies[0] as string | undefined,
      text,
    };
  };
  /** The cookie of a new session, as a request shows it. */
  const logIn = async (token: string) => {
    const { setCookie = '' } = await ask('/ui/login', { form: { token, to: '/ui/' } });
    return setCookie.split(';', 1)[0] ?? '';
  };
  return { ...home, ask, logIn };
}

export type Pages = Awaited<ReturnType<typeof openPages>>;

/** Of a form in a page. */
export function formTokenIn(text: string): string {
  return /name="form" value="([^"]+)"/.exec(text)?.[1] ?? '';
}
