import type { Command } from 'commander';
import type { Globals } from '../actions/globals.ts';
import { asTyped } from '../report/as-typed.ts';
import { say } from '../report/output.ts';

/** The values that Commander passes for the options of every command. */
export interface Flags {
  json: boolean;
  verbose: boolean;
  quiet: boolean;
}

/**
 * Adds a command with the options that every command has.
 * @param usage its name and arguments: `ssh NAME NODE [COMMAND...]`
 * @param examples lines that can be typed, at least one
 */
export function command(parent: Command, usage: string, description: string, ...examples: [string, ...string[]]) {
  const [name = '', ...args] = usage.split(' ');
  const made = parent
    .command(name)
    .description(description)
    .showSuggestionAfterError()
    .exitOverride()
    .option('--json', 'print one JSON document on stdout', false)
    .option('-v, --verbose', 'report every step as it happens', false)
    .option('-q, --quiet', 'print only results, warnings and errors', false)
    .addHelpText('after', exampleText(...examples));
  for (const argument of args) made.argument(argument.startsWith('[') ? argument : `<${argument}>`);
  return made;
}

/** A command that only has subcommands: `rules`, `image`. */
export function group(parent: Command, name: string, description: string): Command {
  return parent.command(name).description(description).helpCommand(false).exitOverride();
}

export function exampleText(...lines: string[]): string {
  return `\nExamples:\n${lines.map((line) => `  ${asTyped(line)}`).join('\n')}`;
}

/**
 * Wraps the work of a command for Commander, which calls it with its arguments, its options and the command itself.
 * @param work returns the exit code
 */
export function runs<Args extends [...unknown[], Flags]>(
  work: (globals: Globals, ...args: Args) => Promise<number>,
): (...args: [...Args, Command]) => Promise<void> {
  return async (...all) => {
    const args = all.slice(0, -1) as unknown as Args;
    process.exitCode = await work(globalsOf(args.at(-1) as Flags), ...args);
  };
}

/** Prints the lab's name at once, because the code of a command that reaches machines takes a while to load. */
export function announce(globals: Globals, lab: string): void {
  if (!globals.json && globals.loudness !== 'quiet') say(`  lab ${lab}`);
}

function globalsOf({ json, verbose, quiet }: Flags): Globals {
  return { json, loudness: quiet ? 'quiet' : verbose ? 'verbose' : 'normal' };
}
