import type { BackendName } from '../../backends/index.ts';
import type { Examples } from '../reading/examples.ts';
import type { Path } from '../reading/source.ts';
import type { LabFile } from '../schema/lab-file.ts';
import type { ServiceInFile } from '../schema/service.ts';
import type { Mode, Protocol } from '../words.ts';
import type { Member } from './members.ts';

/** What every rule gets: the file, and where to put what it finds. */
export interface Report {
  file: LabFile;
  services: LintedService[];
  /** Forwarding methods that real servers of the lab have. */
  modes: Mode[];
  /** Names of the real servers, as many as there are to be. */
  names: string[];
  /** How many the command line asks for, instead of the file. */
  asked: number | undefined;
  examples: Examples;
  problem(path: Path, what: string, fix?: string): void;
  warning(path: Path, what: string, fix?: string): void;
}

/** A service of the file, with what its words come to. */
export interface LintedService {
  service: ServiceInFile;
  /** Where the file says it. */
  path: Path;
  protocol: Protocol;
  endpoints: { port: number; backend: BackendName }[];
  members: Member[];
}

export type Rule = (report: Report) => void;
/** A rule about each service by itself. */
export type ServiceRule = (report: Report, service: LintedService) => void;
