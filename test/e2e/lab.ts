import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, realpath } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, parse } from 'node:path';
import type { ExecutionContext } from 'ava';
import type { Check } from '../../scripts/checks/check.ts';
import type { Hint } from '../../scripts/checks/hint.ts';
import { type RunResult, run } from '../../scripts/host/exec.ts';
import { removeTree } from '../../scripts/host/files.ts';
import { placeOf, projectRoot } from '../../scripts/host/paths.ts';
import { findProcesses, type OwnProcess } from '../../scripts/host/processes.ts';
import { sshConfigOf } from '../../scripts/host/ssh-config.ts';
import { scaled } from '../pace.ts';

/** The document of `lab run --json` and `lab verify --json`. */
export interface RunDocument {
  schema: string;
  lab: string;
  provider: string;
  ok: boolean;
  seconds: { total: number; up?: number; provision?: number; verify: number };
  answers: { service: string; server: string | null; predicted: string | null; status: number; error: string | null }[];
  checks: PrintedCheck[];
  /** Where a check failed; null for `--no-diagnose` as well. */
  diagnosis?: { causes: { id: string; node: string }[] } | null;
}

/** A check as JSON: commands are printed as they are typed. */
type PrintedCheck = Omit<Check, 'hint'> & { hint: (Omit<Hint, 'commands'> & { commands: string[] }) | null };

/** `--requests` for a lab with a fault: two for each of two real servers. A request without an answer takes seconds. */
export const fewRequests = '4';

/** Node's arguments for `lab …`. */
export function command(...args: string[]): string[] {
  return commandOf(projectRoot, args);
}

function commandOf(project: string, args: readonly string[]): string[] {
  return [join(project, 'bin/lab.js'), ...args];
}

/** How commands are run. */
export interface CommandOptions {
  env?: Record<string, string>;
  /** A program with its arguments, in front of each command. */
  through?: readonly string[];
  /** Another copy of the project; this one by default. */
  project?: string;
  /** Ends a command that runs when it is aborted. */
  signal?: AbortSignal;
}

/** Runs the real command, as a person would, in a folder of its own. */
export class LabCommand {
  readonly folder: string;
  readonly #env: Record<string, string>;
  readonly #through: readonly string[];
  readonly #project: string;
  readonly #signal: AbortSignal | undefined;

  private constructor(folder: string, { env = {}, through = [], project = projectRoot, signal }: CommandOptions) {
    this.folder = folder;
    // Messages in one line each.
    this.#env = { CI: 'true', COLUMNS: '1000', ...env };
    this.#through = through;
    this.#project = project;
    this.#signal = signal;
  }

  static async inFreshFolder(options: CommandOptions = {}): Promise<LabCommand> {
    return LabCommand.in(await mkdtemp(join(tmpdir(), 'lab-e2e-')), options);
  }

  static async in(folder: string, options: CommandOptions = {}): Promise<LabCommand> {
    return new LabCommand(await realpath(folder), options);
  }

  /** For a single test: when that ends, its lab is ended and its folder removed. */
  static async of(
    t: ExecutionContext,
    options: CommandOptions & { folder?: string; lab?: string } = {},
  ): Promise<LabCommand> {
    const { folder, lab: name = 'dr' } = options;
    const lab = folder ? await LabCommand.in(folder, options) : await LabCommand.inFreshFolder(options);
    t.teardown(async () => {
      await lab.run('down', name);
      await removeTree(lab.folder);
    });
    return lab;
  }

  /** Ends every lab that was started in this folder and still runs. */
  async end(): Promise<void> {
    for (const name of await readdir(join(this.folder, '.lab')).catch(() => [])) await this.run('down', name);
  }

  /** Runs `lab …` to its end, whatever its exit code. */
  run(...args: string[]): Promise<RunResult> {
    const [program = '', ...words] = [...this.#through, process.execPath, ...commandOf(this.#project, args)];
    const options = { cwd: this.folder, env: this.#env, anyExitCode: true, timeoutMs: scaled(600_000) };
    return run(program, words, { ...options, ...(this.#signal && { signal: this.#signal }) });
  }

  async json<T = RunDocument>(...args: string[]): Promise<{ code: number; document: T; stderr: string }> {
    const { code, stdout, stderr } = await this.run(...args, '--json');
    try {
      return { code, document: JSON.parse(stdout) as T, stderr };
    } catch {
      throw new Error(`lab ${args.join(' ')}: exit code ${code}, no JSON on stdout: ${stdout}\n${stderr}`);
    }
  }

  /**
   * A shell command on a node of a lab on QEMU; throws when it fails. By plain ssh, as a person may: `lab ssh` takes a second
   * more to start, and has tests of its own.
   * @param lab its name, or the lab file's path
   */
  async on(lab: string, node: string, command: string): Promise<string> {
    const config = sshConfigOf(placeOf(parse(lab).name, this.folder));
    const options = { anyExitCode: true, timeoutMs: scaled(600_000) };
    // Dropbear takes no command of more than 9000 bytes (MAX_CMD_LEN in its sysoptions.h).
    const [words, input] = command.length > 8000 ? ['sh -s', { input: command }] : [command, {}];
    return outputOf(node, command, await run('ssh', ['-F', config, node, '--', words], { ...options, ...input }));
  }

  /** Begins a command, for a test that kills it: it runs until `ended`. */
  begin(...args: string[]): { child: ChildProcess; ended: Promise<unknown> } {
    const env = { ...process.env, CI: 'true' };
    const child = spawn(process.execPath, command(...args), { cwd: this.folder, env, stdio: 'ignore' });
    return { child, ended: once(child, 'exit') };
  }

  /** Processes of a lab that was started in this folder. */
  processes(lab: string): Promise<OwnProcess[]> {
    return findProcesses(`/${placeOf(lab, this.folder).id}/`);
  }
}

/** What a command on a node printed; throws when it failed. */
export function outputOf(node: string, command: string, { code, stdout, stderr }: RunResult): string {
  if (code !== 0) throw new Error(`${node}: ${command}: exit code ${code}: ${stderr}`);
  return stdout;
}

/** The sequence of answers as digits: 212x. */
export function digits({ answers }: RunDocument): string {
  return answers.map(({ server }) => server?.replace('rs', '') ?? 'x').join('');
}

/** Every answer came from the real server that was predicted. */
export function asPredicted({ answers }: RunDocument): boolean {
  return answers.length > 0 && answers.every(({ server, predicted }) => server !== null && server === predicted);
}

export function failedChecks({ checks }: RunDocument): string[] {
  return checks.filter(({ ok }) => !ok).map(({ id }) => id);
}

/** What failed, so that a test that expects nothing shows what was seen; and how each request ended. */
export function failedWords(document: RunDocument): string[] {
  // A command that failed before any check prints another document.
  if (!('checks' in document)) return [JSON.stringify(document)];
  const { checks, answers } = document;
  const failed = checks.filter(({ ok }) => !ok);
  if (failed.length === 0) return [];
  const requests = answers.map(({ server, predicted, status, error }) => {
    return `${server ?? 'nobody'}${server === predicted ? '' : ` for ${predicted}`} ${status}${error ? ` ${error}` : ''}`;
  });
  return [...failed.map((check) => `${check.id}: ${check.observed}; ${hintOf(check)}`), requests.join(', ')];
}

/** All that the hint of a check says, in one line; nothing without a check or a hint. */
export function hintOf(check: PrintedCheck | undefined): string {
  const { cause, commands, see } = check?.hint ?? { cause: '', commands: [], see: [] };
  return [cause, ...commands, ...see].join('; ');
}
