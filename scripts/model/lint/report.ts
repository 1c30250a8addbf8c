import type { BackendName } from '../../backends/index.ts';
import type { Examples } from '../reading/examples.ts';
import type { Path } from '../reading/source.ts';
import type { LabFile } from '../schema/lab-file.ts';
import type { ServiceInFile } from '../schema/service.ts';
import type { Mode, Protocol } from '../words.ts';
import type { Member } from './members.ts';

/** What every rule gets: the file, and functions that report what it finds. */
export interface Report {
  file: LabFile;
  services: LintedService[];
  /** Forwarding methods that real servers of the lab have. */
  modes: Mode[];
  /** Names of all the lab's real servers. */
  names: string[];
  /** The number of real servers of the command line, which overrides the file. */
  asked: number | undefined;
  examples: Examples;
  problem(path: Path, what: string, fix?: string): void;
  warning(path: Path, what: string, fix?: string): void;
}

/** A service of the file, and what follows from its keys. */
export interface LintedService {
  service: ServiceInFile;
  /** Its place in the file. */
  path: Path;
  protocol: Protocol;
  endpoints: { port: number; backend: BackendName }[];
  members: Member[];
}

export type Rule = (report: Report) => void;
/** A rule about each service by itself. */
export type ServiceRule = (report: Report, service: LintedService) => void;
