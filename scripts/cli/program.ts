import { type Argument, Command, Help, type HelpConfiguration } from 'commander';
import { didYouMean } from '../closest.ts';
import { commands } from '../commands/index.ts';
import { UsageError } from '../errors.ts';
import { version } from '../host/version.ts';
import { say } from '../report/output.ts';
import { exampleText } from './command.ts';
import { exitCodeText } from './exit-codes.ts';

const helpStyle: HelpConfiguration = {
  // The names of commands take half of a line. Their descriptions are wrapped in the other half.
  minWidthToWrap: 20,
  // Every command has options.
  subcommandTerm(command) {
    return [command.name(), ...command.registeredArguments.map(argumentText)].join(' ');
  },
  optionDescription(option) {
    // Every flag is off by default.
    return option.defaultValue === false ? option.description : Help.prototype.optionDescription.call(this, option);
  },
};

/** `NAME` for a required argument, `[NAME]` for an optional one. */
function argumentText(argument: Argument): string {
  const text = `${argument.name()}${argument.variadic ? '...' : ''}`;
  return argument.required ? text : `[${text}]`;
}

/**
 * The grammar of the command line.
 * @param name the only command to load, which is quicker. Without it, or for an unknown name, all commands are loaded
 */
export async function program(name?: string): Promise<Command> {
  const lab = new Command('lab')
    .description(
      'Linux Virtual Server (IPVS) labs on throwaway virtual machines: one command starts a lab, sets it up and proves that it works.',
    )
    .version(version())
    .showSuggestionAfterError()
    .exitOverride()
    .configureOutput({ writeErr: (text) => say(text.trimEnd()), outputError: () => {} }) // report-error.ts words errors
    .configureHelp(helpStyle)
    .helpCommand('help [COMMAND...]', 'show how a command is used')
    .addHelpText(
      'after',
      exampleText('lab run dr', 'lab verify dr', 'lab ssh dr director -- ipvsadm -Ln', 'lab down dr'),
    )
    .addHelpText('after', exitCodeText);
  const names = name !== undefined && Object.hasOwn(commands, name) ? [name] : Object.keys(commands);
  const loaded = await Promise.all(names.map((one) => commands[one]?.()));
  for (const one of loaded) one?.grammar(lab);
  return lab;
}

/**
 * Refuses an unknown command. Commander would answer `lab nosuch --help` with the general help and exit code 0.
 * @param words what was typed after `lab`
 * @throws UsageError
 */
export function requireCommand(parent: Command, words: readonly string[], typed = 'lab'): void {
  const at = words.findIndex((word) => !word.startsWith('-'));
  const word = words[at];
  if (word === undefined || parent.commands.length === 0) return;
  const found = parent.commands.find((one) => one.name() === word);
  if (found) {
    requireCommand(found, words.slice(at + 1), `${typed} ${word}`);
    return;
  }
  const meant = didYouMean(
    word,
    parent.commands.map((one) => one.name()),
  );
  throw new UsageError(`there is no command ${typed} ${word}${meant ? `; ${meant}` : ''}`, {
    tryThis: typed.replace('lab', 'lab help'),
  });
}

/** The command that shows the help for what was typed: `lab help rules show`. */
export function helpCommand(lab: Command, words: readonly string[]): string {
  const names: string[] = [];
  let at = lab;
  for (const word of words.filter((one) => !one.startsWith('-'))) {
    const found = at.commands.find((one) => one.name() === word);
    if (!found) break;
    names.push(word);
    at = found;
  }
  return ['lab help', ...names].join(' ');
}
