import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';

interface Receiving {
  listening: Promise<unknown>;
  /** The connection was taken to its end. */
  taken: Promise<void>;
  /** Whether somebody has connected. */
  begun(): boolean;
  /** Ends the connection, and returns when nothing is taken any more. */
  close(): Promise<void>;
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
  let connection: Socket | undefined;
  let closed = false;
  const taken = once(server, 'connection').then(async ([accepted]) => {
    connection = accepted as Socket;
    server.close();
    try {
      if (!closed) await take(connection);
    } finally {
      connection.destroy();
    }
  });
  taken.catch(() => {}); // whoever waits for it gets its error
  rmSync(socket, { force: true }); // of a command that was killed
  server.listen({ path: socket, writableAll: anybody });
  return {
    listening: once(server, 'listening'),
    taken,
    begun: () => connection !== undefined,
    async close() {
      closed = true;
      server.close();
      connection?.destroy();
      if (connection) await taken.catch(() => {});
    },
  };
}
