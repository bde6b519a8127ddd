/** Who may see the page: an operator, by a token or a certificate; where home is open to its own machine, that machine. */
import { timingSafeEqual } from 'node:crypto';
import { BlockList, isIP } from 'node:net';
import type { Clock } from '../../base/clock.ts';
import type { Random } from '../../base/random.ts';
import { type Admission, type Credentials, makeAdmission, type Shown } from '../admission.ts';
import type { SenderTokens } from '../sender-tokens.ts';
import { Sessions } from './sessions.ts';

export interface Visitor {
  /** As in the token file; absent where everybody of this machine is let in. */
  readonly name?: string;
  /** Stands in each form that is shown. */
  readonly formToken: string;
  /** Whether there is a session that can be ended. */
  readonly canLogOut: boolean;
}

/** `login`: must log in first. `elsewhere`: asked by a name or by a way that is not this machine's. */
export type Seen = Visitor | 'login' | 'elsewhere' | 'unavailable';

export interface AccessOptions extends Omit<Credentials, 'tokens' | 'listedOnly'> {
  /** Without them home must be open to its own machine, and to it alone. */
  readonly operators?: SenderTokens | undefined;
  readonly senders?: SenderTokens | undefined;
  /** Cookies of two homes on one host differ by it. */
  readonly port: () => number;
  readonly isTls: boolean;
  readonly clock: Clock;
  readonly random: Random;
}

export interface Access {
  see(shown: Shown): Seen;
  /** Gives the header `Set-Cookie`; undefined when the token opens nothing. */
  logIn(token: string): string | undefined;
  /** Gives the header `Set-Cookie`. */
  logOut(shown: Shown): string;
  /** Whether a form with this token comes from a page that we showed this visitor. */
  isOwnForm(shown: Shown, visitor: Visitor, token: string): boolean;
}

export function openAccess(options: AccessOptions): Access {
  const { operators, senders, clock, random, port, isTls } = options;
  const nameOf = (token: string): string | undefined => {
    const bearer = `Bearer ${token}`;
    const admitted = operators?.check(bearer) ?? 'unknown';
    // Whoever may bring reports may not therefore read everybody's.
    if (typeof admitted === 'string' || (senders && senders.check(bearer) !== 'unknown'))
      return undefined;
    return admitted.sender.name;
  };
  const sessions = new Sessions(nameOf, clock, random);
  const byCredential = makeAdmission({ ...options, tokens: operators, listedOnly: true });
  const cookieName = (): string => `${isTls ? '__Host-' : ''}sidelight-${port()}`;
  const attributes = `; Path=/; HttpOnly; SameSite=Strict${isTls ? '; Secure' : ''}`;
  const idOf = ({ headers }: Shown): string | undefined => cookie(headers.cookie, cookieName());
  const seeOperator = (shown: Shown): Seen => {
    const id = idOf(shown);
    const session = id === undefined ? undefined : sessions.find(id);
    if (session) return { ...session, canLogOut: true };
    const admitted = admit(byCredential, shown, nameOf);
    if (typeof admitted === 'string') return admitted === 'unknown' ? 'login' : admitted;
    const { name } = admitted.sender;
    return { name, formToken: sessions.formTokenOf(`by ${name}`), canLogOut: false };
  };
  return {
    see: (shown) => {
      if (operators) return seeOperator(shown);
      if (!isOfThisMachine(shown)) return 'elsewhere';
      return { formToken: sessions.formTokenOf('this machine'), canLogOut: false };
    },
    logIn: (token) => {
      const id = sessions.open(token);
      return id === undefined ? undefined : `${cookieName()}=${id}${attributes}`;
    },
    logOut: (shown) => {
      const id = idOf(shown);
      if (id !== undefined) sessions.end(id);
      return `${cookieName()}=${attributes}; Max-Age=0`;
    },
    isOwnForm: (shown, { formToken }, token) => isFromHere(shown) && isEqual(formToken, token),
  };
}

function admit(
  byCredential: Admission,
  shown: Shown,
  nameOf: (token: string) => string | undefined,
): ReturnType<Admission> {
  const { authorization } = shown.headers;
  const token = /^Bearer +([\x21-\x7e]+)$/i.exec(authorization ?? '')?.[1];
  if (token !== undefined && nameOf(token) === undefined) return 'unknown';
  return byCredential(shown);
}

/**
 * Whether a request that changes something was made by a page of ours. `Origin` is `null` where the referrer is kept
 * back, as ours is; `Sec-Fetch-Site` is sent by every browser of late.
 */
export function isFromHere({ headers }: Pick<Shown, 'headers'>): boolean {
  const { origin, host } = headers;
  const site = headers['sec-fetch-site'];
  if (site !== undefined) return site === 'same-origin';
  return origin === undefined || isSameHost(origin, host);
}

export function isSameHost(origin: string, host: string | undefined): boolean {
  const said = URL.parse(origin);
  if (!said || host === undefined) return false;
  // A port that is the protocol's own stands in neither.
  return said.host !== '' && said.host === URL.parse(`${said.protocol}//${host}`)?.host;
}

/** A name of elsewhere that leads here is an attack (DNS rebinding), and a proxy lets in everybody. */
function isOfThisMachine({ headers, socket }: Shown): boolean {
  const isPassedOn = ['forwarded', 'x-forwarded-for', 'x-real-ip', 'via'].some(
    (name) => headers[name] !== undefined,
  );
  const { hostname = '' } = URL.parse(`http://${headers.host}`) ?? {};
  return !isPassedOn && isLoopback(hostname) && isLoopback(socket.remoteAddress ?? '');
}

export function isLoopback(host: string): boolean {
  if (host === 'localhost') return true;
  const address = host.replace(/^\[(.*)\]$/, '$1');
  const family = isIP(address);
  if (family === 0) return false;
  const loopback = new BlockList();
  loopback.addSubnet('127.0.0.0', 8, 'ipv4');
  loopback.addAddress('::1', 'ipv6');
  return loopback.check(address, family === 4 ? 'ipv4' : 'ipv6');
}

function cookie(header: string | undefined, name: string): string | undefined {
  const pairs = (header ?? '').split(';').map((pair) => pair.trim().split('='));
  return pairs.find(([key]) => key === name)?.[1];
}

function isEqual(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}
