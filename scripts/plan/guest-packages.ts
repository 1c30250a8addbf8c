import { backends } from '../backends/index.ts';

/** Debian packages of every backend and its client, each once. Every guest has all of them. */
export const backendGuestPackages: readonly string[] = [
  ...new Set(
    backends.flatMap(({ packages, client }) =>
      [...Object.values(packages), ...Object.values(client.packages)].flatMap((names) => names.split(' ')),
    ),
  ),
];
