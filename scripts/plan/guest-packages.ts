import { backends } from '../backends/index.ts';

/** Debian packages of every backend and of the client that asks it, each once: a guest has them all. */
export const backendGuestPackages: readonly string[] = [
  ...new Set(
    backends.flatMap(({ packages, client }) =>
      [...Object.values(packages), ...Object.values(client.packages)].flatMap((names) => names.split(' ')),
    ),
  ),
];
