import type { Command } from 'commander';
import { UsageError } from '../errors.ts';
import { shellQuote } from '../render/shell-quote.ts';

/**
 * Refuses an option of a command that stands before it, as in `lab --json list`. Commander would call it unknown.
 * @param words what was typed after `lab`
 * @throws UsageError with the line that works
 */
export function refuseMisplacedOptions(lab: Command, words: readonly string[]): void {
  const { command, names, before, behind } = split(lab, words);
  const isCommand = command.commands.length === 0;
  const [option] = before;
  if (option === undefined || !areOptionsOf(isCommand ? [command] : commandsBelow(command), before)) return;
  const line = [...names, ...[...before, ...behind].map(shellQuote)];
  throw new UsageError(`${option} is an option of a command, and stands behind it`, {
    tryThis: isCommand ? `lab ${line.join(' ')}` : ['lab help', ...names].join(' '),
  });
}

interface Split {
  command: Command;
  /** Its name, behind that of its group. */
  names: string[];
  before: string[];
  behind: string[];
}

/** What was typed before the name of the command, and behind it. Without one, everything is before it. */
function split(parent: Command, words: readonly string[], names: string[] = [], before: string[] = []): Split {
  if (parent.commands.length === 0) return { command: parent, names, before, behind: [...words] };
  const named = (word?: string) => parent.commands.find((one) => one.name() === word);
  const at = words.findIndex(named);
  const found = named(words[at]);
  if (!found) return { command: parent, names, before: [...before, ...words], behind: [] };
  return split(found, words.slice(at + 1), [...names, found.name()], [...before, ...words.slice(0, at)]);
}

function commandsBelow(command: Command): Command[] {
  return command.commands.flatMap((one) => (one.commands.length === 0 ? [one] : commandsBelow(one)));
}

/** Whether these words are nothing but options that one of the commands has, with their values. */
function areOptionsOf(commands: readonly Command[], words: readonly string[]): boolean {
  const options = commands.flatMap((one) => one.options);
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? '';
    const flag = word.startsWith('--') ? word.replace(/=.*/s, '') : word.slice(0, 2);
    const option = options.find(({ short, long }) => flag === short || flag === long);
    if (!option) return false;
    // --provider qemu, but not --provider=qemu
    if (option.required && flag === word) at++;
  }
  return true;
}
