import { MissingPartError } from '../errors.ts';
import { startDetached } from './exec.ts';
import { which } from './which.ts';

/**
 * Opens a file with the program that somebody at this desktop has chosen for it, and does not wait: that program may be the browser
 * itself, and ends when it is closed. That none opens is no error.
 * @param log where the program writes to
 */
export async function openOnDesktop(file: string, log: string): Promise<void> {
  const hasDesktop = Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);
  if (!hasDesktop || !(await which('xdg-open'))) return;
  try {
    startDetached('xdg-open', [file], { log });
  } catch (error) {
    if (!(error instanceof MissingPartError)) throw error;
  }
}
