import type { Command } from 'commander';
import { ExitCode, exitMeanings } from '../../scripts/errors.ts';
import { version } from '../../scripts/host/version.ts';
import { wrapLines } from '../../scripts/report/wrap.ts';
import { argumentText, everywhere, examplesOf, sentence } from './commands.ts';

/** When somebody last read the page as a whole. */
const changed = '2026-11-30';

/** docs/lab.1: the manual page, of the grammar and of the tables at the head of docs/commands.md. man(7) has the macros. */
export function manual(lab: Command, commandsPage: string): string {
  const commands = lab.commands.filter((command) => command.name() !== 'help');
  return [
    `.TH LAB 1 "${changed}" "lvs-lab ${version()}" "lvs-lab"`,
    '.SH NAME',
    'lab \\- Linux Virtual Server labs on throwaway virtual machines',
    '.SH SYNOPSIS',
    '.B lab',
    '.I command',
    '[\\fIoption\\fR ...] [\\fIargument\\fR ...]',
    '.SH DESCRIPTION',
    text(lab.description()),
    '.PP',
    text(
      'Every command has the options --json (one JSON document on stdout), -v or --verbose, -q or --quiet, and -h or --help.',
    ),
    '.SH COMMANDS',
    ...commands.flatMap(section),
    '.SH ENVIRONMENT',
    ...rows(commandsPage, 'Environment variables'),
    '.SH FILES',
    ...rows(commandsPage, 'What is kept where'),
    '.SH EXIT STATUS',
    ...Object.entries(ExitCode).flatMap(([name, code]) =>
      term(String(code), exitMeanings[name as keyof typeof ExitCode]),
    ),
    '.SH SEE ALSO',
    '.BR ipvsadm (8),',
    '.BR keepalived (8),',
    '.BR ldirectord (8),',
    '.BR qemu (1)',
    '',
  ].join('\n');
}

function section(command: Command): string[] {
  if (command.commands.length > 0) return command.commands.flatMap(section);
  const usage = [...pathOf(command), ...command.registeredArguments.map(argumentText)].join(' ');
  const options = command.options.filter(({ long }) => !everywhere.includes(long ?? ''));
  return [
    `.SS ${escaped(usage)}`,
    text(sentence(command.description())),
    ...options.flatMap(({ flags, description }) => term(flags, description)),
    '.PP',
    '.EX',
    ...examplesOf(command).map((line) => escaped(line.replace(/^npx /, ''))),
    '.EE',
  ];
}

const pathOf = (command: Command): string[] => (command.parent ? [...pathOf(command.parent), command.name()] : []);

function term(word: string, about: string): string[] {
  return ['.TP', `.B ${escaped(word)}`, text(about)];
}

/** A table of a Markdown page, by its heading, as terms. */
function rows(page: string, heading: string): string[] {
  const [, below = ''] = page.split(`## ${heading}\n`);
  const [table = ''] = below.split('\n## ');
  const cells = [...table.matchAll(/^\| (`.*?`) \| (.*) \|$/gm)];
  if (cells.length === 0) throw new Error(`docs/commands.md has no table below ${heading}`);
  return cells.flatMap(([, word = '', about = '']) => term(word.replaceAll('`', ''), about.replaceAll('`', '')));
}

/** Each sentence begins a line, as manual pages are written, and no line is long. */
function text(words: string): string {
  const sentences = words.replace(/([.?!:;]) (?=\S)/g, '$1\n').split('\n');
  return escaped(sentences.map((one) => wrapLines(one, 72)).join('\n'));
}

/** Text that roff takes literally. */
function escaped(words: string): string {
  return words
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replaceAll('…', '...')
    .replace(/[‘’]/g, '\\(cq')
    .replace(/^([.'])/gm, '\\&$1');
}
