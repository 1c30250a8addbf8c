import type { Family } from '../model/addresses.ts';
import type { Mode, Protocol } from '../model/words.ts';
import type { HealthCheck } from './health-checks.ts';

/** A kind of server that real servers can run. */
export interface Backend<Name extends string = string> {
  /** Its name in a lab file. */
  name: Name;
  /** Protocols that can carry it; the first is the default. */
  protocols: readonly [Protocol, ...Protocol[]];
  /** Its port by default. A service at this port has this backend by default. */
  port: number;
  /** Other ports that are usual for it. */
  alsoAt: readonly number[];
  /** Services over these protocols have this backend by default, at ports of no backend. */
  usualOver: readonly Protocol[];
  /** Whether it can replace the backend of an imported service whose port is taken on the real servers. */
  standsIn: boolean;

  daemon: Daemon;
  /** Programs of a real server, each with the Debian package that has it. */
  packages: Programs;
  /** Every port of a real server that the daemon opens when it serves this port. */
  portsTaken(protocol: Protocol, port: number): PortTaken[];

  client: Client;
  /** A server, as an argument of the client's shell function. */
  target(asked: Asked): string;
  /** How many source ports one request uses, in a row. */
  portsPerRequest: number;
  /** Statuses of a right answer. */
  statuses: readonly number[];
  /** Requests or answers of several full packets: the client program can ask for them. */
  large: boolean;
  /** The client keeps all connections open until the last request has its answer. */
  staysOpen: boolean;
  /** Each request opens a second connection, which IPVS counts too. */
  dataConnections: boolean;

  /** The kernel module without which IPVS can't balance it. */
  helper?: KernelHelper;
  /** Why a service can't use it in this way. */
  objection?(use: Use): Objection | undefined;
  /** Health checks that can watch it. Over each protocol the first one is the default. */
  healthChecks: readonly HealthCheck[];
  /** A datagram that it answers, in hex: the check udp sends it. */
  question?: string;
  /** It can serve a web site: over TLS, or plain. */
  pages?: 'plain' | 'tls';
  /** How the drill of two directors uses it: it holds connections, or sends requests without a pause. */
  failover?: 'held' | 'asked';
}

/** Name of a program → the Debian package that has it. */
export type Programs = Readonly<Record<string, string>>;

/** `tcp 80` and the program that has it, in the words of messages: `Apache over TLS`. */
export type PortTaken = readonly [port: string, by: string];

/** The program that serves. Several backends can share one. */
export interface Daemon {
  /** In messages: `Apache`. */
  name: string;
  /** Whether it can serve only one port of a machine. */
  onePort: boolean;
  /** The name of its systemd unit, quoted for the shell if it is a pattern. */
  unit: string;
  /** The name of its processes (/proc/PID/comm); missing where others have the same, or where systemd listens for it. */
  process?: string;
  /** The command that shows its last log messages. */
  log: string;
  /** The command that ends its connections. A daemon without one ends a connection with each answer. */
  endConnections?: string;
  /** The scripts that set it up to serve all these ports, and to name the real server in every answer. */
  scripts(served: readonly Served[], place: Place): ServeScript[];
}

/** A script of a real server: a template and its values. */
export interface ServeScript {
  template: string;
  context: Record<string, unknown>;
  /** What it does in every lab, as a template without values: see PlannedNode. */
  warm?: string;
}

/** One thing that a real server must serve. */
export interface Served {
  vip: string;
  protocol: Protocol;
  /** The port of the real server; by NAT it can differ from the service's. */
  port: number;
  /** Ports of the same service that it may tell its clients for more connections, as 10000-10100. */
  more?: string | undefined;
  backend: Backend;
}

/** The real server that a daemon runs on. */
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
  /** The web site that its pages belong to. */
  site: { root: string; php: string } | null;
}

/**
 * The program that sends requests: a shell function `ask_NAME FIRST-PORT COUNT STEP LARGE TARGET…` on the client and on the
 * director. It sends COUNT requests, then LARGE more of 20,000 bytes, whose answers have as many, where the protocol can do that.
 */
export interface Client {
  name: string;
  /** The template with the function. Its context has `waiting.connect` and `waiting.answer`, in seconds. */
  template: string;
  packages: Programs;
  /** Reads how long the answer took, in seconds, from the output of a program that prints that itself. */
  seconds?(output: string): number | undefined;
}

/** A server that gets a client's requests. */
export interface Asked {
  protocol: Protocol;
  /** VIP or RIP. */
  address: string;
  port: number;
  /** Path of the page that names the real server. */
  page: string;
  /** Names of the lab's real servers in their order, for an answer that has only the number. */
  realServers: readonly string[];
}

/** A kernel module that reads the packets of a service. */
interface KernelHelper {
  module: string;
  /** Its name in /proc/net/ip_vs_app. */
  name: string;
  /** The template that loads it; its context is `module` and `ports`, joined by commas. */
  template: string;
  /** What clients see while it is not loaded. */
  without: string;
}

/** How a service uses a backend. */
export interface Use {
  /** Forwarding methods of its real servers. */
  modes: readonly Mode[];
  /** Whether it is a service by firewall mark. */
  marked: boolean;
  /** Whether it has a range of ports, and persistence. */
  ranged: boolean;
  persistent: boolean;
  /** How many real servers the lab has. */
  realServers: number;
}

interface Objection {
  what: string;
  fix: string;
}
