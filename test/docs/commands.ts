import type { Argument, Command } from 'commander';
import { ExitCode, exitMeanings } from '../../scripts/errors.ts';

/** The options that every command has; the head of docs/commands.md tells of them. */
export const everywhere = ['--json', '--verbose', '--quiet', '--help'];

/** The reference of docs/commands.md, below its hand-written head: every command of the grammar, and the exit codes. */
export function commandReference(lab: Command): string {
  const commands = lab.commands.filter((command) => command.name() !== 'help');
  return [...commands.map(section), exitCodes()].join('\n\n');
}

function exitCodes(): string {
  const rows = Object.entries(ExitCode).map(
    ([name, code]) => `| ${code} | ${exitMeanings[name as keyof typeof ExitCode]} |`,
  );
  return ['## Exit codes', '', '| code | meaning |', '|---|---|', ...rows].join('\n');
}

function section(command: Command): string {
  if (command.commands.length > 0) {
    const parts = command.commands.map(section);
    return [`## \`${nameOf(command)}\``, sentence(command.description()), ...parts].join('\n\n');
  }
  const options = command.options.filter(({ long }) => !everywhere.includes(long ?? ''));
  const depth = command.parent?.parent ? '###' : '##';
  const examples = examplesOf(command).map((line) => `    ${line}`);
  return [
    `${depth} \`${[nameOf(command), ...command.registeredArguments.map(argumentText)].join(' ')}\``,
    sentence(command.description()),
    ...(options.length > 0 ? [['| option | meaning |', '|---|---|', ...options.map(optionRow)].join('\n')] : []),
    examples.join('\n'),
    ...behindExamples(command),
  ].join('\n\n');
}

function nameOf(command: Command): string {
  return command.parent ? `${nameOf(command.parent)} ${command.name()}` : command.name();
}

export function argumentText(argument: Argument): string {
  const text = `${argument.name()}${argument.variadic ? '...' : ''}`;
  return argument.required ? text : `[${text}]`;
}

function optionRow({ flags, description, defaultValue, argChoices }: Command['options'][number]): string {
  const value = Array.isArray(defaultValue) ? defaultValue.join(',') : defaultValue;
  const usual = value === undefined || typeof value === 'boolean' || value === '' ? [] : [`default \`${value}\``];
  const choices = argChoices ? [`one of ${argChoices.map((choice) => `\`${choice}\``).join(', ')}`] : [];
  return `| \`${flags}\` | ${[description, ...choices, ...usual].join('; ').replaceAll('|', '\\|')} |`;
}

/** The lines below "Examples:" of its help. */
export function examplesOf(command: Command): string[] {
  const [, examples = ''] = helpOf(command).split('Examples:\n');
  const [lines = ''] = examples.split('\n\n');
  return lines
    .split('\n')
    .map((line) => line.trim().replace(/^lab /, 'npx lab '))
    .filter(Boolean);
}

/** What its help has below the examples, such as the schedulers. */
function behindExamples(command: Command): string[] {
  const [, examples = ''] = helpOf(command).split('Examples:\n');
  return examples
    .split('\n\n')
    .slice(1)
    .map((part) => {
      const [title = '', ...lines] = part.trim().split('\n');
      return [title, '', '```text', ...lines.map((line) => line.trim()), '```'].join('\n');
    });
}

function helpOf(command: Command): string {
  let help = '';
  command.configureOutput({ writeOut: (text) => (help += text) }).outputHelp();
  return help;
}

export function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
