import { secondsSince } from '../report/events.ts';
import { display } from '../report/sinks.ts';
import type { Globals } from './globals.ts';
import { reportVerdict } from './report-verdict.ts';
import { withVerifiedLab } from './verified-lab.ts';

/** lab verify NAME: checks a running lab. Only its drills change anything, and undo it. */
export async function verify(
  name: string,
  options: { requests?: number | undefined; diagnose: boolean },
  globals: Globals,
): Promise<number> {
  const screen = display(globals.json ? 'quiet' : globals.loudness);
  try {
    return await withVerifiedLab(name, options.requests, screen.emit, async ({ seconds, ...verified }) => {
      screen.clear();
      const times = { total: secondsSince(0), verify: seconds };
      return await reportVerdict(verified, times, globals, options.diagnose ? screen : undefined);
    });
  } finally {
    screen.clear();
  }
}
