import { mkdir } from 'node:fs/promises';
import { say } from '../../scripts/report/output.ts';
import { type CommandOptions, failedChecks, LabCommand, type RunDocument } from '../e2e/lab.ts';
import { cpuTimeOf, type MachineTimes, machineTime } from './cpu.ts';
import { interrupted } from './interrupt.ts';
import { Readings } from './readings.ts';
import { readingText } from './table.ts';

/** A command of one side failed. */
export class Failed extends Error {}

/** One of what is compared: a copy of the project, with a folder for its labs. */
export class Side {
  readonly name: string;
  readonly readings = new Readings();
  readonly failures: { visit: string; message: string }[] = [];
  readonly #folder: string;
  readonly #options: CommandOptions;

  /** @param folder is made; labs are started in it */
  constructor(name: string, folder: string, options: CommandOptions = {}) {
    this.name = name;
    this.#folder = folder;
    this.#options = options;
  }

  /**
   * Runs `lab …` to its end and returns what it printed as JSON.
   * @throws Failed when its exit code is not 0, the signal's reason after Ctrl-C
   */
  async run<T>(...words: string[]): Promise<T> {
    const lab = await this.#lab({ signal: interrupted });
    const { code, stdout, stderr } = await lab.run(...words, '--json').catch((error: Error) => {
      interrupted.throwIfAborted();
      throw new Failed(`${this.name}: lab ${words.join(' ')}: ${error.message}`);
    });
    interrupted.throwIfAborted();
    if (code === 0) return JSON.parse(stdout) as T;
    throw new Failed(`${this.name}: lab ${words.join(' ')}: exit code ${code}${reasonIn(stdout, stderr)}`);
  }

  /** The same, measured. */
  async measured<T>(what: string, ...words: string[]): Promise<T> {
    say(`  ${this.name}: lab ${words.join(' ')}`);
    const lab = words[1] ?? '';
    const machines = await this.#machineTimes(lab);
    const children = await childrenTime();
    const start = performance.now();
    const document = await this.run<T>(...words);
    const value = (performance.now() - start) / 1000;
    const ofMachines = machineTime(machines, await this.#machineTimes(lab));
    const cpu = ofMachines === undefined ? {} : { cpu: ofMachines + (await childrenTime()) - children };
    this.readings.add(what, { value, ...cpu });
    say(`    ${readingText({ value, ...cpu }, 's')}`);
    return document;
  }

  /** Runs `lab …` even after Ctrl-C, whatever its exit code, and returns what it printed. */
  async always(...words: string[]): Promise<string> {
    return (await (await this.#lab()).run(...words)).stdout;
  }

  /** Whether its `lab` has this command. Some versions print their help for one that they do not have. */
  async has(command: string): Promise<boolean> {
    return (await this.always('--help')).split('\n').some((line) => line.startsWith(`  ${command} `));
  }

  /** Ends what runs, even after Ctrl-C. */
  async end(): Promise<void> {
    await (await this.#lab()).end();
  }

  /** The same with other variables in the environment: readings are kept together. */
  with(env: Record<string, string>): Side {
    const other = new Side(this.name, this.#folder, { ...this.#options, env: { ...this.#options.env, ...env } });
    return Object.assign(other, { readings: this.readings, failures: this.failures });
  }

  async #lab(options: CommandOptions = {}): Promise<LabCommand> {
    await mkdir(this.#folder, { recursive: true });
    return LabCommand.in(this.#folder, { ...this.#options, ...options });
  }

  async #machineTimes(lab: string): Promise<MachineTimes> {
    const processes = await (await this.#lab()).processes(lab);
    const times = processes.map(async ({ pid }) => [pid, (await cpuTimeOf(pid))?.own ?? 0] as const);
    return new Map(await Promise.all(times));
  }
}

async function childrenTime(): Promise<number> {
  return (await cpuTimeOf('self'))?.children ?? 0;
}

/** What a failed command said: the checks that failed, or the end of its messages. */
function reasonIn(stdout: string, stderr: string): string {
  try {
    const document = JSON.parse(stdout) as Partial<RunDocument> & { error?: { message: string } };
    if (document.error) return `: ${document.error.message}`;
    if (document.checks) return `: ${failedChecks(document as RunDocument).join(', ')}`;
  } catch {
    // It printed no JSON.
  }
  return `: ${stderr.trim().split('\n').slice(-3).join('; ')}`;
}
