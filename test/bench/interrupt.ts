import { say } from '../../scripts/report/output.ts';

const controller = new AbortController();

/** Aborted by Ctrl-C: commands end, then labs are taken down and folders removed as after any failure. */
export const interrupted: AbortSignal = controller.signal;

/** npm and the terminal both pass a Ctrl-C on, so further ones change nothing. */
export function endInOrder(): void {
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(name, () => {
      if (interrupted.aborted) return;
      say('\ninterrupted: taking labs down and removing folders');
      controller.abort(new Interrupted());
    });
  }
}

export class Interrupted extends Error {}
