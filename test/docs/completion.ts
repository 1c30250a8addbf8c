import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Argument, Command } from 'commander';
import { shells } from '../../scripts/cli/shells.ts';
import { faults } from '../../scripts/faults/index.ts';
import { projectRoot } from '../../scripts/host/paths.ts';
import { kernels, releases, schedulers } from '../../scripts/model/words.ts';
import { providerNames } from '../../scripts/providers/index.ts';
import { shellQuote } from '../../scripts/render/shell-quote.ts';
import { everywhere } from './commands.ts';

/** The kinds of words that bin/complete.sh can list; words themselves begin with `=`. */
type Kind =
  | 'lab'
  | 'node'
  | 'fault'
  | 'bug'
  | 'exercise'
  | 'kernel'
  | 'network'
  | 'file'
  | 'folder'
  | 'none'
  | `=${string}`;

const oneOf = (words: readonly (string | number)[]): Kind => `=${words.join(',')}`;

/** What an argument can be, by its name in the grammar, or by command and name where names differ. */
const argumentKinds: Record<string, Kind> = {
  NAME: 'lab',
  'NAME|FILE': 'lab',
  NODE: 'node',
  FAULT: 'fault',
  PLACE: 'none',
  LABEL: 'none',
  TASK: 'none',
  SOURCE: 'file',
  ID: 'bug',
  'exercise ID': 'exercise',
  NETWORK: 'network',
  FILE: 'file',
  SUBMISSION: 'file',
  COMMAND: 'none',
  SCHEDULER: oneOf(schedulers),
  SHELL: oneOf(shells),
};

/** What an option can be whose name says more than its value's. */
const optionKinds: Record<string, Kind> = {
  '--provider': oneOf(providerNames),
  '--scheduler': oneOf(schedulers),
  '--release': oneOf(releases),
  'image build --kernel': oneOf(kernels),
};

/** What an option can be, by the name of its value: `--node <node>`. */
const valueKinds: Record<string, Kind> = {
  file: 'file',
  folder: 'folder',
  node: 'node',
  'real-server': 'node',
  kernel: 'kernel',
  'kernel,…': 'kernel',
};

/** bin/complete.sh: what a shell asks when somebody presses Tab. */
export async function completionScript(lab: Command): Promise<string> {
  const text = await readFile(join(projectRoot, 'test/docs/complete.sh'), 'utf8');
  const all = [lab, ...commandsBelow(lab)];
  const ends = all.filter((command) => command.commands.length === 0);
  const parts: Record<string, string> = {
    commands: cases(
      all
        .filter((command) => command.commands.length > 0)
        .map((command) => [pathOf(command), told(command.commands.map(rowOf))]),
    ),
    options: cases(ends.flatMap((command) => optionsCase(command))),
    everywhere: told((ends[0]?.options ?? []).filter(isEverywhere).map(optionRow)),
    arguments: cases(
      ends.map((command) => [pathOf(command), `echo ${argumentsOf(command).map(shellQuote).join(' ')}`]),
    ),
    values: cases(ends.flatMap(valuesOf)),
    faults: faults.map(({ id, title }) => `    ${shellQuote(id)} ${shellQuote(title)}`).join(' \\\n'),
    kernels: kernels.join(' '),
    networks: ['front', 'back', 'remote'].join(' '),
  };
  return text.replace(/\{\{(\w+)\}\}/g, (_, name: string) => parts[name] ?? '');
}

function commandsBelow(command: Command): Command[] {
  return command.commands.flatMap((one) => [one, ...commandsBelow(one)]);
}

/** `rules show`; nothing for lab itself. */
function pathOf(command: Command): string {
  return command.parent ? `${pathOf(command.parent)} ${command.name()}`.trim() : '';
}

const rowOf = (command: Command): [string, string] => [command.name(), command.description()];

const optionRow = ({ long, short, description }: Command['options'][number]): [string, string] => [
  long ?? short ?? '',
  description,
];

const isEverywhere = ({ long }: Command['options'][number]) => everywhere.includes(long ?? '');

/** The options that a command has beside those of every command. */
function optionsCase(command: Command): [string, string][] {
  const own = command.options.filter((option) => !isEverywhere(option));
  return own.length > 0 ? [[pathOf(command), told(own.map(optionRow))]] : [];
}

function told(rows: readonly [string, string][]): string {
  return ["printf '%s\\t%s\\n'", ...rows.map(([word, about]) => `      ${shellQuote(word)} ${shellQuote(about)}`)].join(
    ' \\\n',
  );
}

function cases(rows: readonly [string, string][]): string {
  return rows.map(([path, does]) => `    ${shellQuote(path)}) ${does} ;;`).join('\n');
}

function argumentsOf(command: Command): string[] {
  const { registeredArguments } = command;
  return registeredArguments.length === 0
    ? ['none']
    : registeredArguments.map((one) => `${kindOf(command, one)}${one.variadic ? '+' : ''}`);
}

function kindOf(command: Command, argument: Argument): Kind {
  const [group = ''] = pathOf(command).split(' ');
  const kind = argumentKinds[`${group} ${argument.name()}`] ?? argumentKinds[argument.name()];
  if (!kind) throw new Error(`bin/complete.sh does not know what ${argument.name()} can be`);
  return kind;
}

function valuesOf(command: Command): [string, string][] {
  return command.options.flatMap(({ flags, long, short, argChoices }) => {
    const [, value] = /<(.*)>/.exec(flags) ?? [];
    if (value === undefined) return [];
    const path = pathOf(command);
    const kind = argChoices
      ? oneOf(argChoices)
      : (optionKinds[`${path} ${long}`] ?? optionKinds[long ?? ''] ?? valueKinds[value] ?? 'none');
    return [long, short].flatMap((name): [string, string][] =>
      name ? [[`${path} ${name}`, `echo ${shellQuote(kind)}`]] : [],
    );
  });
}
