import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { ExitCode, LabError } from '../errors.ts';
import { openOnDesktop } from '../host/desktop.ts';
import { untilEnded } from '../host/interrupt.ts';
import { readWatchState, removeOpener, writeOpener, writeWatchState } from '../host/watch-state.ts';
import { print, printJson, say } from '../report/output.ts';
import { serve } from '../watch/server.ts';
import { Watching } from '../watch/watching.ts';
import type { Globals } from './globals.ts';
import { type LanguageOptions, languageBy } from './language.ts';
import { findRunningLab, machinesOf } from './opened-lab.ts';
import { watchedLab } from './watched-lab.ts';

export interface WatchOptions extends LanguageOptions {
  /** By default that of the last watch of this lab, if it is free, or any free one. */
  port?: number | undefined;
  readOnly: boolean;
  /** Open a browser, where there is a desktop. */
  open: boolean;
}

/** lab watch NAME: serves the live page of a running lab until Ctrl-C. */
export async function watch(name: string, options: WatchOptions, globals: Globals): Promise<number> {
  const language = languageBy(options);
  const opened = await findRunningLab(name);
  const { plan, place } = opened;
  await machinesOf(opened);
  const last = await readWatchState(place);
  const token = last?.token ?? randomBytes(24).toString('base64url');
  const source = watchedLab(name);
  const watching = new Watching(source);
  const start = (port: number) => serve({ source, watching, token, language, readOnly: options.readOnly, port });
  const server = await start(options.port ?? last?.port ?? 0).catch((error: unknown) => {
    if (options.port !== undefined || !(error instanceof LabError)) throw error;
    return start(0); // another program has the last port
  });
  const ended = untilEnded();
  await writeWatchState(place, { token, port: server.port });
  const address = `http://127.0.0.1:${server.port}/?token=${token}`;
  if (globals.json) printJson({ schema: 'lvs-lab/watch/1', lab: plan.lab, address, readOnly: options.readOnly });
  else print(address);
  if (!globals.json && globals.loudness !== 'quiet')
    say('  Open this address in a browser of this computer. Ctrl-C ends it.');
  const looking = watching.run();
  try {
    if (options.open && !globals.json && process.stdout.isTTY)
      await openOnDesktop(await writeOpener(place, address), join(place.folder, 'browser.log'));
    await Promise.race([ended, looking]);
  } finally {
    await watching.end();
    await server.close();
    await removeOpener(place);
  }
  return ExitCode.ok;
}
