import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/** What of a request decides whether it is answered. */
export interface Asked {
  method: string;
  url: URL;
  headers: IncomingHttpHeaders;
}

export interface Refusal {
  status: 403 | 405 | 421;
  why: string;
}

/** The names by which a browser on this computer may know the server. Another one is a name that leads here by its DNS. */
export function hostsOf(port: number): string[] {
  return [`127.0.0.1:${port}`, `localhost:${port}`];
}

/** Cookies are the same for all ports of a host, so the port is in the name. */
export function cookieName(port: number): string {
  return `lab-watch-${port}`;
}

/**
 * The folder of the page's addresses. A browser sends a cookie to every server of this computer, whosever it is and whatever its port,
 * but only below the cookie's path, and nobody else's page has this one.
 */
export function folderOf(token: string): string {
  return `/${createHash('sha256').update(`folder of ${token}`).digest('hex').slice(0, 24)}/`;
}

/**
 * Whom the server answers: nobody without the token, no page of another site, and no other name than its own, which a DNS server of
 * somebody else could make lead here (DNS rebinding).
 * @returns undefined for a request that is answered
 */
export function refusal(asked: Asked, { port, token }: { port: number; token: string }): Refusal | undefined {
  const { method, headers } = asked;
  if (!hostsOf(port).includes(headers.host ?? ''))
    return { status: 421, why: 'this server does not answer to that host name' };
  if (method !== 'GET' && method !== 'POST') return { status: 405, why: 'only GET and POST' };
  if (!isOfThisSite(asked)) return { status: 403, why: 'a page of another site asks' };
  if (!hasToken(asked, port, token)) {
    return { status: 403, why: 'the token is missing; lab watch prints the address that has it' };
  }
  return undefined;
}

function isOfThisSite({ method, url, headers }: Asked): boolean {
  const { origin, host } = headers;
  if (origin !== undefined && origin !== `http://${host}`) return false;
  // A browser sends its origin with every POST; other programs need no cookie to be careful about.
  if (method === 'POST') return origin !== undefined && headers['content-type'] === 'application/json';
  const site = headers['sec-fetch-site'];
  const isLink = headers['sec-fetch-mode'] === 'navigate' && url.pathname === '/' && url.searchParams.has('token');
  return site === undefined || site === 'same-origin' || site === 'none' || isLink;
}

function hasToken({ method, url, headers }: Asked, port: number, token: string): boolean {
  const cookies = (headers.cookie ?? '').split(';').map((one) => one.trim().split('='));
  const given = cookies.filter(([name]) => name === cookieName(port)).map(([, value = '']) => value);
  if (method === 'GET' && url.pathname === '/') given.push(url.searchParams.get('token') ?? '');
  return given.some((one) => isSame(one, token));
}

/** Takes the same time for every text. */
function isSame(one: string, other: string): boolean {
  const hash = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(hash(one), hash(other));
}
