import { appendFileSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Emit, LabEvent } from './events.ts';
import { type Paint, painter, say, screenWidth } from './output.ts';

export type Loudness = 'quiet' | 'normal' | 'verbose';

export interface Display {
  emit: Emit;
  /** Erases the moving line, so that something else can be written. */
  clear(): void;
}

/** The display of this process, on stderr: a moving line on a terminal, plain lines elsewhere. */
export function display(loudness: Loudness): Display {
  const moving = process.stderr.isTTY && !process.env.CI && process.env.TERM !== 'dumb' && loudness === 'normal';
  return moving ? terminal() : plain(loudness);
}

/** Sends events to several sinks. */
export function toAll(...sinks: Emit[]): Emit {
  return (event) => {
    for (const sink of sinks) sink(event);
  };
}

/** Every event as a line of JSON, with its time. */
export function jsonLines(file: string): Emit {
  return (event) => {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 }); // lab down may have removed the folder meanwhile
    appendFileSync(file, `${JSON.stringify({ time: new Date().toISOString(), ...event })}\n`, { mode: 0o600 });
  };
}

function plain(loudness: Loudness): Display {
  const paint = painter(process.stderr);
  const emit = (event: LabEvent) => {
    const line = loudness === 'verbose' ? (lineOf(event, paint) ?? detailOf(event)) : lineOf(event, paint);
    if (line && (loudness !== 'quiet' || event.type === 'warning')) say(line);
  };
  return { emit, clear: () => {} };
}

/** Results of stages stay. Below them one line shows what happens now; it is rewritten. */
function terminal(): Display {
  const paint = painter(process.stderr);
  let current = '';
  const nodes = new Map<string, string>();
  const clear = () => process.stderr.write('\r\u001b[K');
  const show = () => {
    const parts = [current, ...[...nodes].map(([node, state]) => `${node} ${state}`)].filter(Boolean);
    if (parts.length === 0) return;
    const room = screenWidth(process.stderr) - 1;
    const line = `  … ${parts.join('  ')}`;
    process.stderr.write(`\r\u001b[K${paint('dim', [...line].slice(0, room).join(''))}`);
  };
  const emit = (event: LabEvent) => {
    const line = lineOf(event, paint);
    if (line && event.type !== 'stage-start') {
      clear();
      say(line);
    }
    if (event.type === 'stage-start') {
      nodes.clear();
      current = event.text;
    } else if (event.type === 'stage-done') {
      nodes.clear();
      current = '';
      return;
    } else if (event.type === 'progress') current = event.text;
    else if (event.type === 'node') nodes.set(event.node, event.state);
    else if (event.type === 'step') nodes.set(event.node, event.step.replace(/\.sh$/, ''));
    show();
  };
  return { emit, clear };
}

/** The line that every display shows for an event. */
function lineOf(event: LabEvent, paint: Paint): string | undefined {
  switch (event.type) {
    case 'stage-start':
      return paint('dim', `  … ${event.text}`);
    case 'stage-done':
      return `  ${paint('green', '✓')} ${event.text} ${paint('dim', `${event.seconds.toFixed(1)} s`)}`;
    case 'note':
      return `  ${event.text}`;
    case 'warning':
      return `  ${paint('yellow', 'warning:')} ${event.text}`;
    default:
      return undefined;
  }
}

/** The line that only --verbose shows. */
function detailOf(event: LabEvent): string | undefined {
  switch (event.type) {
    case 'progress':
      return `    ${event.text}`;
    case 'node':
      return `    ${event.node}: ${event.state}${event.seconds === undefined ? '' : ` ${event.seconds.toFixed(2)} s`}`;
    case 'step':
      return `    ${event.node}: ${event.step} ${event.code === 0 ? 'done' : `exit code ${event.code}`} ${event.seconds.toFixed(2)} s`;
    default:
      return undefined;
  }
}
