import { spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { projectRoot } from '../../scripts/host/paths.ts';
import { say } from '../../scripts/report/output.ts';
import { type CastEvent, castText } from './cast.ts';
import { sessionFile } from './session.ts';

// npm run record: runs a lab in a real terminal, breaks it, finds out why and mends it, and keeps what the terminal showed for
// docs/session.svg. The lab is ended.

const size = { columns: 80, rows: 34 };

/** The seed chooses a fault whose symptom a learner understands at once. */
const commands = ['run dr', 'break dr --random --seed 5', 'diagnose dr', 'mend dr', 'verify dr'];

/** Seconds to read what a command printed, before the next one is typed. */
const reading = 3;

const events: CastEvent[] = [];
let start = performance.now();
const write = (output: string) => events.push({ at: (performance.now() - start) / 1000, output });

for (const words of commands) {
  write(`\u001b[1m$ npx lab ${words}\u001b[22m\r\n`);
  // Exit codes say what labs do, for example 1 of a diagnosis: it found something.
  const code = await onTerminal(`node bin/lab.js ${words}`, write);
  say(`lab ${words}: exit code ${code}`);
  write('\r\n');
  start -= reading * 1000;
}
await onTerminal('node bin/lab.js down dr', () => {});
await writeFile(sessionFile, castText({ ...size, events }));
say(`${sessionFile}: ${events.length} events`);

/** Runs a command on a terminal of its own: script(1) makes one. */
function onTerminal(command: string, output: (text: string) => void): Promise<number | null> {
  const { CI, NO_COLOR, ...env } = process.env;
  const sized = `stty columns ${size.columns} rows ${size.rows}; exec ${command}`;
  const child = spawn('script', ['--quiet', '--flush', '--return', '--command', sized, '/dev/null'], {
    cwd: projectRoot,
    env: { ...env, TERM: 'xterm-256color' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  child.stdout.setEncoding('utf8').on('data', output);
  return new Promise((resolve, reject) => child.on('error', reject).on('close', resolve));
}
