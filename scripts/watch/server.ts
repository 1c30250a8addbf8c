import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { LabError, UsageError } from '../errors.ts';
import { type Language, languages } from '../exercise/languages.ts';
import { pageFile, pageStyle } from '../host/page-files.ts';
import { livePage, livePart } from '../page/live-html.ts';
import { cookieName, folderOf, refusal } from './guard.ts';
import type { Source } from './source.ts';
import { stream } from './stream.ts';
import { textOf, versionsOf, type Watching } from './watching.ts';
import { readWish } from './wish.ts';

interface Options {
  source: Source;
  watching: Watching;
  token: string;
  /** Of the page, unless its address names another one. */
  language: Language;
  /** There are no buttons, and nothing is done for anybody. */
  readOnly: boolean;
  /** 0 for any free port. */
  port: number;
}

/** The longest body of a request, in bytes. */
const longestBody = 2000;
/** How many pages can be open at a time. */
const mostPages = 24;

const always = {
  'Content-Security-Policy':
    "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; object-src 'none'",
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  'Cache-Control': 'no-store',
};

/**
 * Serves the live page of a lab, on this computer’s loopback address alone.
 * @throws UsageError when the port is not free
 */
export async function serve(options: Options): Promise<{ port: number; close(): Promise<void> }> {
  const server = createServer();
  server.maxConnections = 4 * mostPages;
  await listen(server, options.port);
  const { port } = server.address() as AddressInfo;
  const pages = new Set<ServerResponse>();
  server.on('request', (request, response) => {
    answer(request, response, { ...options, port, pages }).catch((error: unknown) => {
      // The page went away in the middle of its request.
      if (request.destroyed && !request.complete) return;
      if (response.headersSent) response.destroy();
      else refuse(response, 503, error instanceof LabError ? textOf(error) : 'the page cannot be shown');
      if (!(error instanceof LabError)) throw error;
    });
  });
  return {
    port,
    close: async () => {
      for (const page of pages) page.end();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', ({ code }: NodeJS.ErrnoException) => {
      reject(new UsageError(`--port: port ${port} cannot be used`, { cause: code, tryThis: 'another port, or none' }));
    });
    server.listen(port, '127.0.0.1', resolve);
  });
}

type Context = Options & { pages: Set<ServerResponse> };

async function answer(request: IncomingMessage, response: ServerResponse, context: Context): Promise<void> {
  const { method = '', headers } = request;
  const url = URL.canParse(request.url ?? '', 'http://lab') ? new URL(request.url ?? '', 'http://lab') : undefined;
  if (!url) return refuse(response, 404, 'no such page');
  const refused = refusal({ method, url, headers }, context);
  if (refused) return refuse(response, refused.status, refused.why);
  const folder = folderOf(context.token);
  const path = url.pathname.startsWith(folder) ? url.pathname.slice(folder.length - 1) : url.pathname;
  if (method === 'POST') return path === '/do' ? perform(request, response, context) : refuse(response, 404, '');
  switch (path) {
    case '/':
      return sendPage(response, url, context);
    case '/page.css':
      return send(response, 'text/css', await pageStyle());
    case '/page.js':
      return send(response, 'text/javascript', await pageFile('page.js'));
    case '/part':
      return sendPart(response, url, context);
    case '/events':
      return sendEvents(response, [headers['last-event-id'] ?? []].flat()[0] ?? url.searchParams.get('after'), context);
    case '/favicon.ico':
      response.writeHead(204, always).end();
      return;
    default:
      return refuse(response, 404, 'no such page');
  }
}

async function sendPage(response: ServerResponse, url: URL, context: Context): Promise<void> {
  const { source, token, port, readOnly } = context;
  const [plan, kept] = await Promise.all([source.plan(), source.kept()]);
  const folder = folderOf(token);
  // A page of another site cannot send this cookie, and no script can read it.
  response.setHeader('Set-Cookie', `${cookieName(port)}=${token}; HttpOnly; SameSite=Strict; Path=${folder}`);
  const language = languageOf(url, context);
  send(
    response,
    'text/html',
    livePage({ plan, ...kept, versions: versionsOf(plan, kept), language, readOnly, folder }),
  );
}

async function sendPart(response: ServerResponse, url: URL, context: Context): Promise<void> {
  const { report, path } = await context.source.kept();
  const name = url.searchParams.get('name') === 'path' ? 'path' : 'report';
  send(response, 'text/html', livePart(name, { report, path }, languageOf(url, context)));
}

function languageOf(url: URL, { language }: Context): Language {
  return languages.find((one) => one === url.searchParams.get('language')) ?? language;
}

function sendEvents(response: ServerResponse, id: string | null, { watching, pages }: Context): void {
  if (pages.size >= mostPages) {
    refuse(response, 503, 'too many pages are open');
    return;
  }
  pages.add(response);
  const leave = watching.addViewer();
  response.on('close', () => {
    pages.delete(response);
    leave();
  });
  response.writeHead(200, { ...always, 'Content-Type': 'text/event-stream' });
  stream(watching.feed, response, id ?? undefined);
}

async function perform(request: IncomingMessage, response: ServerResponse, context: Context): Promise<void> {
  const { source, watching, readOnly } = context;
  if (readOnly) return refuse(response, 403, 'this page is read-only');
  const body = await bodyOf(request);
  const wish = body === undefined ? undefined : readWish(await source.plan(), body);
  if (!wish) return refuse(response, 400, 'the request is malformed, or names something that this lab does not have');
  if (!watching.perform(wish)) return refuse(response, 409, 'something else is being done');
  response.writeHead(202, always).end();
}

/** @returns undefined for a body that is too long */
async function bodyOf(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > longestBody) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function send(response: ServerResponse, type: string, text: string): void {
  response.writeHead(200, { ...always, 'Content-Type': `${type}; charset=utf-8` }).end(text);
}

function refuse(response: ServerResponse, status: number, why: string): void {
  response
    .writeHead(status, { ...always, 'Content-Type': 'text/plain; charset=utf-8', Connection: 'close' })
    .end(`${why}\n`);
}
