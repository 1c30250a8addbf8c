import type { Family } from '../model/addresses.ts';
import type { Mode, Protocol } from '../model/lab.ts';
import type { HealthCheck } from './health-checks.ts';

/** A kind of server that real servers can run, with all that the kit knows of it. */
export interface Backend<Name extends string = string> {
  /** The word for it in a lab file. */
  name: Name;
  /** What it is served over; the first by default. */
  protocols: readonly [Protocol, ...Protocol[]];
  /** Its port by default; a service at this port has this backend by default. */
  port: number;
  /** Other ports at which nobody wonders to find it. */
  alsoAt: readonly number[];
  /** A service over these protocols has this backend by default, where its port is no other backend's. */
  usualOver: readonly Protocol[];
  /** An imported service has this backend where its own cannot have its port on the real servers. */
  standsIn: boolean;

  daemon: Daemon;
  /** Programs of a real server, each with the Debian package that has it. */
  packages: Programs;
  /** Ports of a real server that the daemon takes to serve this one, with what is there then. */
  portsTaken(protocol: Protocol, port: number): PortTaken[];

  client: Client;
  /** What the client asks, as its shell function takes it. */
  target(asked: Asked): string;
  /** Source ports that one request takes, in a row. */
  portsPerRequest: number;
  /** Statuses of an answer; any other is a failure. */
  statuses: readonly number[];
  /** The client keeps its connections open until the last request is answered. */
  staysOpen: boolean;
  /** A request makes a second connection, which IPVS counts as well. */
  dataConnections: boolean;

  /** What IPVS needs to carry it. */
  helper?: KernelHelper;
  /** Why a service cannot use it in this way. */
  objection?(use: Use): Objection | undefined;
  /** What health checks can look at; empty where nothing watches it. */
  healthChecks: readonly HealthCheck[];
  /** It serves the pages of a web site. */
  pages?: 'plain' | 'tls';
  /** What the drill of two directors uses it for: connections that are held, or requests without a pause. */
  failover?: 'held' | 'asked';
}

/** Name of a program → the Debian package that has it. */
export type Programs = Readonly<Record<string, string>>;

/** `tcp 80` → who is there, in messages: `Apache over TLS`. */
export type PortTaken = readonly [port: string, by: string];

/** The program that serves; several backends may share it. */
export interface Daemon {
  /** In messages: `Apache`. */
  name: string;
  /** One instance has one port: it serves a single port of a machine. */
  onePort: boolean;
  /** systemd's name for it, as a word of the shell; may have a `*`. */
  unit: string;
  /** The command that shows what it logged last. */
  log: string;
  /** The command that ends the connections that it still has; where they end by themselves, none. */
  endConnections?: string;
  /** The scripts that make it serve all of these. It names the real server in every answer. */
  scripts(served: readonly Served[], place: Place): ServeScript[];
}

/** A script of a real server: a template and its values. */
export interface ServeScript {
  template: string;
  context: Record<string, unknown>;
}

/** What a real server has to answer: a port of its own, for a VIP. */
export interface Served {
  vip: string;
  protocol: Protocol;
  /** On the real server. */
  port: number;
  backend: Backend;
}

/** Where a daemon runs. */
export interface Place {
  lab: string;
  family: Family;
  /** The real server's name. */
  node: string;
  /** Which of the lab's real servers it is, from 1 on. */
  number: number;
  /** RIP. */
  address: string;
  mode: Mode;
  /** The web site that it serves with others. */
  site: { root: string; php: string } | null;
}

/** The program that asks: a shell function `ask_NAME FIRST-PORT COUNT STEP TARGET…` on the client and on the director. */
export interface Client {
  name: string;
  /** The template that has the function. Its context has `waiting`: seconds to wait for a connection and for an answer. */
  template: string;
  packages: Programs;
  /** Seconds that the answer took, where the program tells them in its output. */
  seconds?(output: string): number | undefined;
}

/** One server that a client asks. */
export interface Asked {
  protocol: Protocol;
  /** VIP or RIP. */
  address: string;
  port: number;
  /** Path of the page that names the real server. */
  page: string;
  /** Names of the lab's real servers, by number: for a client that learns the number only. */
  realServers: readonly string[];
}

/** A kernel module that reads what goes through IPVS. */
export interface KernelHelper {
  module: string;
  /** As /proc/net/ip_vs_app lists it. */
  name: string;
  /** The template that loads it; its context is `module` and `ports`, joined by commas. */
  template: string;
  /** What is seen while it is not loaded. */
  without: string;
}

/** How a service is to use a backend. */
export interface Use {
  /** Forwarding methods of its real servers. */
  modes: readonly Mode[];
  /** The service is by firewall mark. */
  marked: boolean;
  /** How many the lab has. */
  realServers: number;
}

export interface Objection {
  what: string;
  fix: string;
}
