import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';

interface Receiving {
  listening: Promise<unknown>;
  /** The connection was taken to its end. */
  taken: Promise<void>;
  /** Whether somebody has connected. */
  begun(): boolean;
  close(): void;
}

/**
 * Accepts one connection on a Unix socket, and hands it on.
 * @param options.anybody whether every user may connect who can reach the socket
 */
export function receive(
  socket: string,
  take: (connection: Socket) => Promise<void>,
  { anybody = false } = {},
): Receiving {
  const server = createServer();
  let begun = false;
  const taken = once(server, 'connection').then(async ([connection]) => {
    begun = true;
    server.close();
    try {
      await take(connection as Socket);
    } finally {
      (connection as Socket).destroy();
    }
  });
  taken.catch(() => {}); // whoever waits for it gets its error
  rmSync(socket, { force: true }); // of a command that was killed
  server.listen({ path: socket, writableAll: anybody });
  return { listening: once(server, 'listening'), taken, begun: () => begun, close: () => server.close() };
}
