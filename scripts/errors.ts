import { countOf } from './count-of.ts';

/** Exit codes of the `lab` command. */
export const ExitCode = {
  ok: 0,
  checkFailed: 1,
  usage: 2,
  labFile: 3,
  missingPart: 4,
  provider: 5,
  script: 6,
  connection: 7,
  build: 8,
  bug: 70,
  unknown: 125,
  interrupted: 130,
} as const;

/** What each exit code means, for the help and the docs. */
export const exitMeanings: Record<keyof typeof ExitCode, string> = {
  ok: 'all is well',
  checkFailed: 'a check failed',
  usage: 'the command line is wrong',
  labFile: 'the lab file, the experiment, the batch or the file to import is wrong or missing',
  missingPart: 'something is missing on this computer',
  provider: 'the provider could not make, find or end a machine',
  script: 'a script on a node failed',
  connection: 'a time-out or a lost connection',
  build: 'the sources of a module do not compile, or a patch does not fit',
  bug: 'a bug in lvs-lab',
  unknown: 'lab bug got no result, so git bisect run skips the version; or a lab of lab batch broke',
  interrupted: 'interrupted, for example by Ctrl-C',
};

/** Facts about an error, in addition to its message. */
export interface Facts {
  /** The node it happened on. */
  node?: string | undefined;
  /** The step (script) it happened in. */
  step?: string | undefined;
  /** What most likely caused it. */
  cause?: string | undefined;
  /** What to do next: a command, or words. */
  tryThis?: string | undefined;
  /** A file with more about it. */
  log?: string | undefined;
  /** The last lines that a program printed. */
  tail?: string | undefined;
}

/** An error that a person can do something about; any other error is a bug. report/error-text.ts composes its text. */
export abstract class LabError extends Error {
  abstract readonly exitCode: number;
  readonly facts: Facts;

  constructor(what: string, facts: Facts = {}) {
    super(what);
    this.name = new.target.name;
    this.facts = facts;
  }
}

/** The command line does not make sense. */
export class UsageError extends LabError {
  readonly exitCode = ExitCode.usage;
}

/** Something is missing on this computer, and was not or could not be installed. */
export class MissingPartError extends LabError {
  readonly exitCode = ExitCode.missingPart;
}

/** Sources that somebody has written cannot be built. */
export class BuildError extends LabError {
  readonly exitCode = ExitCode.build;
}

/** The provider could not make, find or end a machine. */
export class ProviderError extends LabError {
  readonly exitCode = ExitCode.provider;
}

/** A script on a node ended with an exit code other than 0. */
export class ScriptError extends LabError {
  readonly exitCode = ExitCode.script;
}

/** A deadline passed or a connection was lost. */
export class ConnectionError extends LabError {
  readonly exitCode = ExitCode.connection;
}

/** A person pressed Ctrl-C. */
export class InterruptedError extends LabError {
  readonly exitCode = ExitCode.interrupted;
}

/** It is not known whether a bug is there: the lab broke before that. */
export class UndecidedError extends LabError {
  readonly exitCode = ExitCode.unknown;
}

/** A lab file, or a file to import, cannot be read at all. */
export class UnreadableLabFileError extends LabError {
  readonly exitCode = ExitCode.labFile;
}

/** A line of a text makes no sense. The caller knows which file it is and makes a LabError of it. */
export class LineError extends Error {
  /** Counted from 1. */
  readonly line: number;

  constructor(line: number, what: string) {
    super(what);
    this.line = line;
  }
}

export interface Problem {
  /** Line of the lab file, counted from 1. */
  line: number;
  /** Where in the file, in words: `service.scheduler`. */
  path: string;
  what: string;
  /** How to correct it. */
  fix?: string | undefined;
}

/** A lab file with mistakes: all that were found, not only the first. */
export class LabFileError extends LabError {
  readonly exitCode = ExitCode.labFile;
  readonly file: string;
  readonly problems: Problem[];

  constructor(file: string, problems: Problem[]) {
    super(`${file}: ${countOf(problems.length, 'problem')}`);
    this.file = file;
    this.problems = problems;
  }
}

/** `labs/dr.yaml:12: service.scheduler: …`, followed by how to correct it. */
export function describeProblem(file: string, { line, path, what, fix }: Problem): string {
  return `${file}:${line}: ${path ? `${path}: ` : ''}${what}${fix ? `; ${fix}` : ''}`;
}
