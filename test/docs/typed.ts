import type { Command } from 'commander';

export interface Typed {
  /** What stands behind `lab`. */
  words: string;
  /** In a sentence, where its name alone may stand for a command. */
  mentioned: boolean;
}

/** Commands of the kit as a document shows them: indented lines, and words between backticks. */
export function typedCommands(text: string): Typed[] {
  const lines = [...text.matchAll(/^ {4}(\S.*)$/gm)].flatMap(([, line = '']) => typed(line, false));
  const inline = [...text.matchAll(/`([^`\n]+)`/g)].flatMap(([, line = '']) => typed(line, true));
  return [...lines, ...inline];
}

function typed(line: string, mentioned: boolean): Typed[] {
  const [, words] = /^(?:[A-Z_]+=\S+ )*(?:npx |npm run )?lab (?:-- )?([a-z].*)$/.exec(line) ?? [];
  // What follows a pipe, a redirection or a # is the shell's own.
  return words === undefined ? [] : [{ words: words.replace(/ +(#|\||>|<|&&|2>).*$/, '').trim(), mentioned }];
}

/**
 * Whether the grammar takes a command.
 * @returns what is wrong with it
 */
export function objectionTo(lab: Command, { words: text, mentioned }: Typed): string | undefined {
  const words = (text.match(/'[^']*'|\S+/g) ?? []).map((word) => word.replaceAll("'", ''));
  let command = lab;
  while (command.commands.length > 0 && words.length > 0) {
    const word = words.shift();
    if (word === 'help' && command === lab) return undefined;
    const next = command.commands.find((one) => one.name() === word);
    if (!next) return `no command ${word}`;
    command = next;
  }
  try {
    const { operands, unknown } = command.parseOptions(words);
    if (unknown.length > 0) return `no option ${unknown.join(' ')}`;
    const known = command.registeredArguments;
    if (mentioned && operands.length === 0) return undefined;
    if (operands.length < known.filter(({ required }) => required).length) return 'too few words';
    if (operands.length > known.length && !known.at(-1)?.variadic) return 'too many words';
  } catch (error) {
    return String(error);
  }
  return undefined;
}
