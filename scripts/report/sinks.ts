import { appendFileSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Emit, LabEvent } from './events.ts';
import { type Paint, painter, say } from './output.ts';

export type Loudness = 'quiet' | 'normal' | 'verbose';

export interface Display {
  emit: Emit;
  /** Takes the moving line away, before anything else is written. */
  clear(): void;
}

/** The display for this process: moving on a terminal, plain lines elsewhere. It writes to stderr. */
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
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 }); // another command may have ended the lab meanwhile
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

/** One line for what lasts; the rest moves in place below it. */
function terminal(): Display {
  const paint = painter(process.stderr);
  let current = '';
  const nodes = new Map<string, string>();
  const clear = () => process.stderr.write('\r\u001b[K');
  const show = () => {
    const room = (process.stderr.columns ?? 80) - 1;
    const line = `  … ${[current, ...[...nodes].map(([node, state]) => `${node} ${state}`)].filter(Boolean).join('  ')}`;
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

/** What every display shows of an event. */
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

/** What only --verbose shows. */
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
