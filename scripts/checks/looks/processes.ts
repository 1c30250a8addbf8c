import { listeners } from '../listening/look.ts';
import type { Look } from './look.ts';

export interface Process {
  /** At most 15 letters: `apache2`. */
  name: string;
  /** A signal or a tracer has stopped it: it runs again after SIGCONT. */
  stopped: boolean;
}

/** Processes of the daemons of real servers, and all processes that are stopped. */
export const processes: Look<Process[]> = {
  name: 'processes',
  about: 'the state of the daemons’ processes in /proc/PID/stat on each real server',
  on: (plan, { name }) => (plan.realServers.some(({ node }) => node === name) ? {} : undefined),
  templates: {},
  reads: listeners,
  parse: (printed) => parseProcesses(printed.in('after')),
};

/** `/proc/412/stat:412 (apache2) T 1 …`; T is stopped by a signal, t by a tracer (proc(5)). */
export function parseProcesses(text: string): Process[] {
  return [...text.matchAll(/^\/proc\/\d+\/stat:\d+ \((.*)\) (\w) /gm)].map(([, name = '', state = '']) => {
    return { name, stopped: state.toUpperCase() === 'T' };
  });
}
