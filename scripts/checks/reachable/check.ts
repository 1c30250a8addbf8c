import type { Daemon } from '../../backends/backend.ts';
import { backendOf } from '../../backends/index.ts';
import { countOf } from '../../count-of.ts';
import { joinAddress } from '../../model/addresses.ts';
import { byEffect, named } from '../check.ts';
import { type CheckKind, ofEachService, type ServiceJudge } from '../check-kind.ts';
import { effectLooks, serves } from '../effect.ts';
import type { Hint } from '../hint.ts';
import { listeners, takes } from '../listening/look.ts';
import { isRight } from '../looks/answered.ts';
import type { Answer } from '../looks/answers.ts';
import { type Process, processes } from '../looks/processes.ts';
import type { Observations } from '../observations.ts';
import { type Reached, reachedOf } from './look.ts';

/** A port of a real server that did not answer as it should. */
interface Failure {
  server: string;
  /** What came instead: `status 403`, or the error of the client program. */
  what: string;
  /** What that and a look at the real server say together, with the names of all real servers of which it is true. */
  cause: (names: string) => string;
  /** What to run on the real server. */
  commands: string[];
}

const judge: ServiceJudge = (plan, service, seen) => {
  const reached = reachedOf(plan, service, seen);
  const several = service.endpoints.length > 1;
  const failures = reached.flatMap((one) => {
    const { server, endpoint, answer } = one;
    if (answer?.server === server) return [];
    const { address = '', port: mapped = 0 } = service.destinations.find((other) => other.server === server) ?? {};
    const port = mapped || endpoint.port;
    const failure = failureOf(one, { address, port, protocol: service.protocol }, seen);
    return [{ ...failure, what: `${several ? `port ${port}: ` : ''}${failure.what}` }];
  });
  const [first] = failures;
  const observed = failures.map(({ server, what }) => `${server}: ${what}`).join('; ');
  // What asks the real servers themselves is a health check; a wrong machine at such an address is never right.
  const isHarmless = !plan.health && reached.every(({ server, answer }) => (answer?.server ?? server) === server);
  const works = () => isHarmless && failures.every(({ server }) => serves(plan, seen, server));
  return {
    title: 'real servers answer at their own addresses',
    ...byEffect(first === undefined, works, `${observed}; the clients’ requests are answered`),
    expected: `${countOf(reached.length, 'answer')} to the director’s requests`,
    observed: first ? observed : countOf(reached.length, 'answer'),
    ...(first && { hint: hintOf(first, failures) }),
  };
};

interface Socket {
  protocol: string;
  address: string;
  port: number;
}

function failureOf({ server, endpoint, answer }: Reached, at: Socket, seen: Observations): Failure {
  const { daemon } = backendOf(endpoint.backend);
  const { name } = daemon;
  const status = `systemctl status ${daemon.unit}`;
  const failure = (what: string, cause: Failure['cause'], commands = [status, daemon.log]): Failure => {
    return { server, what, cause, commands };
  };
  const { error = 'no answer', status: code = 0 } = answer ?? {};
  if (answer?.server) {
    const other = `${answer.server} answers there`;
    return failure(other, (names) => `at the address of ${names} ${other.replace(' there', '')}`);
  }
  if (answer && answer.error === undefined) {
    const nameless = isRight({ endpoints: [endpoint] }, code) ? ', without the name of a real server' : '';
    return failure(`status ${code}${nameless}`, (names) => `${name} on ${names} answers ${code}${nameless}`);
  }
  const found = processesOf(daemon, seen.of(processes, server));
  if (found === 'none') return failure(error, (names) => `${name} does not run on ${names}`);
  if (found === 'stopped') {
    const cause = (names: string) => `the processes of ${name} on ${names} are stopped (state T)`;
    return failure(error, cause, [`systemctl kill --signal=CONT ${daemon.unit}`]);
  }
  const socket = socketOf(at, seen.of(listeners, server));
  const commands = socket === 'there' ? [status] : [status, daemon.log];
  return failure(error, causeOf(daemon, answer, socket, at), commands);
}

/** How a daemon's processes are; undefined where they cannot be told from others. */
function processesOf({ process }: Daemon, all: readonly Process[]): 'none' | 'stopped' | 'running' | undefined {
  if (process === undefined) return undefined;
  const own = all.filter(({ name }) => name === process.slice(0, 15));
  if (own.length === 0) return 'none';
  return own.every(({ stopped }) => stopped) ? 'stopped' : 'running';
}

/** Whether a socket is there for the requests: one that takes them, one at another address, or none. SCTP's are not seen. */
function socketOf(
  { protocol, address, port }: Socket,
  all: readonly Socket[],
): 'there' | 'elsewhere' | 'none' | undefined {
  if (protocol === 'sctp') return undefined;
  const own = all.filter((one) => one.protocol === protocol && one.port === port);
  if (own.some((one) => takes(one, address))) return 'there';
  return own.length > 0 ? 'elsewhere' : 'none';
}

function causeOf(
  { name }: Daemon,
  answer: Answer | undefined,
  socket: ReturnType<typeof socketOf>,
  { address, port }: Socket,
): Failure['cause'] {
  const place = joinAddress(address, port);
  if (socket === 'none') return (names) => `nobody listens on port ${port} of ${names} (${name})`;
  if (socket === 'elsewhere')
    return (names) => `port ${port} of ${names} (${name}) is open, but not at the address ${address}`;
  const error = answer?.error ?? '';
  if (/refused|could ?n.t connect|could not connect/i.test(error))
    return (names) => `${names} refuses at ${place}${socket ? ', where a socket listens' : ` (${name})`}`;
  if (/bytes received|empty reply|reset by peer|closed by the server/i.test(error))
    return (names) => `${name} on ${names} takes the connection and gives no whole answer`;
  return (names) => `nothing came back from ${names}, port ${port}`;
}

/** The hint names the first failure, and all real servers with the same one. */
function hintOf({ server, cause, commands }: Failure, failures: readonly Failure[]): Hint {
  const same = failures.filter((one) => one.cause('') === cause(''));
  const names = named([...new Set(same.map((one) => one.server))]);
  return { cause: cause(names), commands: commands.map((run) => ({ on: server, run })), see: ['firewall'] };
}

export const reachable: CheckKind = {
  id: 'reachable',
  about: 'each real server answers the director at its own address (RIP), without IPVS',
  faults: ['daemon-down'],
  looks: [listeners, processes, ...effectLooks],
  judge: ofEachService(judge),
};
