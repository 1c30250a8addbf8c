import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { closest } from './closest.ts';
import type { Globals } from './commands/globals.ts';
import { ExitCode, type LabError, LabFileError } from './errors.ts';
import { interruptWaits } from './host/interrupt.ts';
import { patient } from './host/patience.ts';
import { meaningOf } from './host/system-error.ts';
import { hypervisorHint, kernels, providerNames, schedulers, siteRoles } from './model/lab.ts';
import { asTyped } from './report/as-typed.ts';
import { printJson, say } from './report/output.ts';

/** The command line: parses and dispatches. Commands are loaded when they are called, so that help is quick. */
export async function main(argv: string[]): Promise<void> {
  const json = argv.includes('--json');
  // A reader of the pipe that has gone is no failure of ours, and none of the lab's is forgiven for it.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') {
      say(`the output could not be written: ${error.message}`);
      process.exitCode = ExitCode.missingPart;
    }
    process.exit();
  });
  // Nobody is left to be told.
  process.stderr.on('error', () => {});
  process.on('uncaughtException', (error) => process.exit(report(error, json)));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, interrupted);
  try {
    await program().parseAsync(argv);
  } catch (error) {
    if (!stopping) process.exitCode = report(error, json);
  }
  if (stopping) leave();
}

function program(): Command {
  const lab = new Command('lab')
    .description('Linux Virtual Server labs on throwaway virtual machines: brought up, set up, and proved.')
    .version('0.1.0')
    .showSuggestionAfterError()
    .exitOverride()
    .configureHelp({ showGlobalOptions: true })
    .addHelpText('after', examples('lab run dr', 'lab verify dr', 'lab ssh dr director -- ipvsadm -Ln', 'lab down dr'))
    .addHelpText('after', exitCodes);

  command(lab, 'run NAME', 'bring a lab up and verify it', [
    'lab run nat',
    'lab run labs/mine.yaml',
    'lab run dr --real-servers 8',
    'lab run dr --with nfs,php,mysql',
    'lab run dr --provider vagrant',
  ])
    .option('--real-servers <n>', 'how many real servers, 1 to 64', count(1, 64))
    .option('--requests <n>', 'how many requests the check sends', count(1, 1000))
    .addOption(scheduler())
    .addOption(site())
    .addOption(provider())
    .option('--no-setup', 'install nothing; name what is missing')
    .action(async (name, options) =>
      exit((await load(options, name, () => import('./commands/run.ts'))).run(name, options, globals(options))),
    );

  command(lab, 'up NAME', 'bring a lab up and set it up', ['lab up dr', 'lab up dr --dry-run'])
    .option('--real-servers <n>', 'how many real servers, 1 to 64', count(1, 64))
    .addOption(scheduler())
    .addOption(site())
    .addOption(provider())
    .option('--no-setup', 'install nothing; name what is missing')
    .option('--dry-run', 'print the plan, start nothing', false)
    .action(async (name, options) =>
      exit((await load(options, name, () => import('./commands/up.ts'))).up(name, options, globals(options))),
    );

  command(lab, 'verify NAME', 'check a lab that runs', [
    'lab verify dr',
    'lab verify dr --requests 100',
    'lab verify dr --json',
  ])
    .option('--requests <n>', 'how many requests the check sends', count(1, 1000))
    .action(async (name, options) =>
      exit((await load(options, name, () => import('./commands/verify.ts'))).verify(name, options, globals(options))),
    );

  command(lab, 'down [NAME]', 'end a lab', ['lab down dr', 'lab down --all'])
    .option('--all', 'every lab of yours, from whatever folder', false)
    .option('--dry-run', 'say what would be ended', false)
    .action(async (name, options) => exit((await import('./commands/down.ts')).down(name, options, globals(options))));

  command(lab, 'status [NAME]', 'what runs where', ['lab status', 'lab status dr --json']).action(
    async (name, options) => exit((await import('./commands/status.ts')).status(name, globals(options))),
  );

  command(lab, 'list', 'which labs there are', ['lab list']).action(async (options) =>
    exit((await import('./commands/list.ts')).list(globals(options))),
  );

  command(lab, 'ssh NAME NODE [COMMAND...]', 'a shell on a node, or one command with its exit code', [
    'lab ssh dr rs1',
    'lab ssh dr director -- ipvsadm -Ln --stats',
  ]).action(async (name, node, words, options) =>
    exit((await import('./commands/ssh.ts')).ssh(name, node, words, globals(options))),
  );

  const rules = lab.command('rules').description('the IPVS table of a lab’s director').exitOverride();
  for (const [verb, what, line] of [
    ['show', 'print it, in the order that schedulers go by', 'lab rules show dr'],
    ['save', 'write it as ipvsadm-save does, thresholds and order kept', 'lab rules save dr > rules.txt'],
    ['restore', 'put the table from stdin in its place', 'lab rules restore dr < rules.txt'],
    ['clear', 'empty it', 'lab rules clear dr'],
  ] as const) {
    command(rules, `${verb} NAME`, what, [line]).action(async (name, options) =>
      exit((await import('./commands/rules.ts'))[verb](name, globals(options))),
    );
  }

  command(lab, 'stats NAME', 'connections, packets, bytes and rates, by real server', [
    'lab stats dr',
    'lab stats dr --watch',
  ])
    .option('--watch', 'again and again', false)
    .action(async (name, options) =>
      exit((await import('./commands/stats.ts')).stats(name, options, globals(options))),
    );

  command(lab, 'connections NAME', 'the connections that the director remembers', ['lab connections dr']).action(
    async (name, options) => exit((await import('./commands/connections.ts')).connections(name, globals(options))),
  );

  command(lab, 'import FILE', 'make a lab file of ipvsadm-save’s output or a keepalived.conf', [
    'lab import rules.txt',
    'lab import /etc/keepalived/keepalived.conf --output rehearsal.yaml',
  ])
    .option('--output <file>', 'write it there; a file that is there already stays')
    .action(async (file, options) =>
      exit((await import('./commands/import.ts')).importFile(file, options, globals(options))),
    );

  command(lab, 'simulate SCHEDULER', 'say which real server comes next, without any machine', [
    'lab simulate wrr --weights 3,2,1',
    'lab simulate sed --weights 3,2,1 --hold',
    'lab simulate sh --weights 1,1 --clients 8',
    'lab simulate mh --weights 1,1,1 --flags mh-port',
  ])
    .option('--weights <w,w,…>', 'weights of rs1, rs2, …, which are added in this order', weights, [1, 1])
    .option('--requests <n>', 'how many connections', count(1, 1000), 12)
    .option('--hold', 'connections stay open; else each is closed before the next', false)
    .option('--flags <f,f>', 'of sh and mh: sh-port, sh-fallback, mh-port, mh-fallback', words, [])
    .option('--clients <n>', 'how many client addresses take turns', count(1, 150), 1)
    .option('--upper <n>', 'upper threshold of each real server (ipvsadm -x)', count(1, 65535))
    .action(async (scheduler, options) =>
      exit((await import('./commands/simulate.ts')).simulateScheduler(scheduler, options, globals(options))),
    );

  command(lab, 'render NAME', 'print the scripts of a lab, without any machine', [
    'lab render dr',
    'lab render nat --node rs1',
  ])
    .option('--node <node>', 'only this node')
    .option('--real-servers <n>', 'how many real servers, 1 to 64', count(1, 64))
    .addOption(scheduler())
    .addOption(site())
    .action(async (name, options) =>
      exit((await import('./commands/render.ts')).render(name, options, globals(options))),
    );

  command(lab, 'reset NAME [NODE]', 'make a node, or the whole lab, as new', [
    'lab reset dr rs1',
    'lab reset dr',
  ]).action(async (name, node, options) =>
    exit((await load(options, name, () => import('./commands/reset.ts'))).reset(name, node, globals(options))),
  );

  command(lab, 'doctor', 'what this computer has and what it lacks', ['lab doctor']).action(async (options) =>
    exit((await import('./commands/doctor.ts')).doctor(globals(options))),
  );

  const image = lab.command('image').description('the guest image that all machines share').exitOverride();
  command(image, 'build', 'build it before anybody waits for it', ['lab image build', 'lab image build --release 12'])
    .option('--release <n>', 'Debian release, 12 or 13', release, 13)
    .addOption(new Option('--kernel <name>', 'Debian’s kernel').choices(kernels).default('cloud'))
    .option('--force', 'again, with the packages of today', false)
    .option('--no-setup', 'install nothing; name what is missing')
    .action(async (options) => exit((await import('./commands/image.ts')).build(options, globals(options))));
  command(image, 'box', 'make a Vagrant box for libvirt of it', ['lab image box', 'lab image box --add'])
    .option('--release <n>', 'Debian release, 12 or 13', release, 13)
    .option('--add', 'and add it to your Vagrant', false)
    .option('--no-setup', 'install nothing; name what is missing')
    .action(async (options) => exit((await import('./commands/image.ts')).box(options, globals(options))));
  command(image, 'list', 'images and template machines in the cache', ['lab image list']).action(async (options) =>
    exit((await import('./commands/image.ts')).list(globals(options))),
  );
  command(image, 'check', 'whether they are as they were made; removes what is damaged', ['lab image check']).action(
    async (options) => exit((await import('./commands/image.ts')).check(globals(options))),
  );
  command(image, 'prune', 'remove those of older recipes', ['lab image prune', 'lab image prune --all'])
    .option('--all', 'everything that no machine uses', false)
    .action(async (options) => exit((await import('./commands/image.ts')).prune(options, globals(options))));
  return lab;
}

/** A command with the options that all have, and its examples. */
function command(parent: Command, usage: string, description: string, lines: string[]): Command {
  const [name = '', ...args] = usage.split(' ');
  const made = parent
    .command(name)
    .description(description)
    .showSuggestionAfterError()
    .exitOverride()
    .option('--json', 'one JSON document on stdout', false)
    .option('-v, --verbose', 'every step, as it happens', false)
    .option('-q, --quiet', 'results, warnings and errors only', false)
    .addHelpText('after', examples(...lines));
  for (const argument of args) made.argument(argument.startsWith('[') ? argument : `<${argument}>`);
  return made;
}

function scheduler(): Option {
  return new Option('--scheduler <name>', 'another one than the lab file has').argParser((wish) => {
    const found = schedulers.find((name) => name === wish);
    if (found) return found;
    const near = closest(wish, [...schedulers]);
    throw new InvalidArgumentError(`${near ? `did you mean ${near}? ` : ''}One of ${schedulers.join(', ')}.`);
  });
}

function site(): Option {
  return new Option('--with <server,…>', 'nfs, php, mysql: a web site on the lab’s real servers').argParser((text) =>
    someWords(text).map((word) => {
      const found = siteRoles.find((role) => role === word);
      if (found) return found;
      const near = closest(word, [...siteRoles]);
      throw new InvalidArgumentError(`${near ? `did you mean ${near}? ` : ''}Some of ${siteRoles.join(', ')}.`);
    }),
  );
}

function provider(): Option {
  return new Option('--provider <name>', 'qemu or vagrant; else LAB_PROVIDER, what runs, the lab file').argParser(
    (wish) => {
      const found = providerNames.find((name) => name === wish);
      if (found) return found;
      const near = closest(wish, [...providerNames]);
      throw new InvalidArgumentError(
        `${providerNames.join(' or ')}${near ? `; did you mean ${near}?` : ''}${hypervisorHint(wish)}.`,
      );
    },
  );
}

function examples(...lines: string[]): string {
  return `\nExamples:\n${lines.map((line) => `  ${asTyped(line)}`).join('\n')}`;
}

const exitCodes = `
Exit codes: 0 all well, 1 a check failed, 2 usage, 3 lab file, 4 something missing on this computer, 5 provider,
6 a script on a node, 7 time-out or lost connection, 70 a bug, 130 interrupted.`;

function globals(options: { json: boolean; verbose: boolean; quiet: boolean }): Globals {
  return { json: options.json, loudness: options.quiet ? 'quiet' : options.verbose ? 'verbose' : 'normal' };
}

/** Loads a command that takes a while, and says at once that something happens. */
function load<T>(options: Parameters<typeof globals>[0], name: string, command: () => Promise<T>): Promise<T> {
  if (!options.json && !options.quiet) say(`  lab ${name}`);
  return command();
}

function count(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`a whole number from ${least} to ${most}.`);
  };
}

function weights(text: string): number[] {
  const all = someWords(text).map(Number);
  if (all.length <= 64 && all.every((weight) => Number.isInteger(weight) && weight >= 0 && weight <= 65535)) return all;
  throw new InvalidArgumentError('whole numbers from 0 to 65535, 64 at most, like 3,2,1.');
}

function someWords(text: string): string[] {
  const found = words(text);
  if (found.length === 0) throw new InvalidArgumentError('one or more, with commas between.');
  return found;
}

function words(text: string): string[] {
  return text.split(',').filter(Boolean);
}

function release(text: string): number {
  if (text === '12' || text === '13') return Number(text);
  throw new InvalidArgumentError('12 or 13.');
}

async function exit(code: Promise<number>): Promise<void> {
  process.exitCode = await code;
}

let stopping = false;

/** Milliseconds that a drill has to put back what it has changed. */
const stoppingDeadline = 60_000;

/** The first time it ends waits on nodes, so that drills put back what they have changed; the second time it leaves. */
function interrupted(): void {
  if (stopping || !interruptWaits()) leave();
  stopping = true;
  say('\ninterrupted: putting back what a drill may have changed; Ctrl-C again leaves at once');
  setTimeout(leave, patient(stoppingDeadline));
}

/** What runs goes on: state is on disk, and the next command puts right what was left half done. */
function leave(): never {
  say(
    asTyped('\ninterrupted. What runs goes on running: the same command again goes on from there, lab down ends it.'),
  );
  process.exit(ExitCode.interrupted);
}

/** Says what went wrong and returns the exit code. */
function report(error: unknown, json: boolean): number {
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return ExitCode.ok; // help or version, as asked for
    const { message } = error;
    if (json)
      printJson({ schema: 'lvs-lab/error/1', error: { name: 'UsageError', message, exitCode: ExitCode.usage } });
    return ExitCode.usage;
  }
  const known = meaningOf(error);
  if (known) {
    if (json) printJson(errorDocument(known));
    say(known.describe(asTyped));
    return known.exitCode;
  }
  const bug = error instanceof Error ? error : new Error(String(error));
  if (json)
    printJson({ schema: 'lvs-lab/error/1', error: { name: 'Bug', message: bug.message, exitCode: ExitCode.bug } });
  say(`This is a bug of lvs-lab: ${bug.message}\nPlease report it with what you did and this:\n${bug.stack}`);
  return ExitCode.bug;
}

function errorDocument(error: LabError) {
  const problems = error instanceof LabFileError ? { file: error.file, problems: error.problems } : {};
  return {
    schema: 'lvs-lab/error/1',
    error: { name: error.name, message: error.message, exitCode: error.exitCode, ...error.facts, ...problems },
  };
}
