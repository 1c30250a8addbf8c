import { countOf } from '../count-of.ts';
import type { Plan } from '../plan/plan.ts';
import { theNode } from '../plan/plan.ts';
import type { CheckKind, Judge } from './check-kind.ts';
import { effectLooks, givenTo } from './effect.ts';
import { addresses } from './looks/addresses.ts';
import { isAnswered } from './looks/answered.ts';
import { askedOf } from './looks/answers.ts';
import { isTooLarge } from './looks/heard.ts';
import { tcpCounters } from './looks/tcp-counters.ts';
import type { Observations } from './observations.ts';
import { heardBy } from './source/way.ts';

/** How quick a real server's answers were, and how often its clients had to try again. */
interface Pace {
  server: string;
  /** Seconds of each answer. */
  seconds: number[];
  /** How often the first packet of a connection was sent again. */
  again: number;
}

/** Queueing disciplines that Linux gives a NIC by itself. Somebody set any other one: netem loses and delays packets. */
const usualQueues = ['pfifo_fast', 'fq_codel', 'fq', 'mq', 'noqueue', 'noop', 'pfifo', ''];

/**
 * It warns, and never fails, because a busy computer must not be taken for a line that loses packets. A busy computer makes
 * single answers late, of all real servers alike. The limits grow with the kit's patience.
 */
const judge: Judge = (plan, seen) => {
  const paces = plan.services.flatMap((service) => pacesOf(plan, service, seen));
  if (paces.length === 0) return [];
  const slow = slowOf(paces);
  const warnings = [...slow.map((one) => inWords(plan, seen, one)), ...lossOf(plan, seen, paces, slow.length > 0)];
  return [
    {
      title: 'no packet is lost, and no real server is much slower than others',
      ok: true,
      expected: 'no packet sent again',
      observed: `answers after ${secondsText(median(paces.flatMap(({ seconds }) => seconds)))}`,
      ...(warnings.length > 0 && { warning: warnings.join('; ') }),
    },
  ];
};

function pacesOf(plan: Plan, service: Plan['services'][number], seen: Observations): Pace[] {
  const { tries } = heardBy(plan, seen);
  const all = askedOf(plan, service, seen).answers;
  return service.destinations.flatMap(({ server }) => {
    const answered = all.filter((answer) => isAnswered(service, answer) && answer.server === server);
    const given = all.filter((answer) => givenTo(plan, service, seen, answer).includes(server));
    const timesTried = given.map(({ localPort }) => tries.filter((port) => port === localPort).length);
    const again = timesTried.reduce((sum, times) => sum + Math.max(0, times - 1), 0);
    return answered.length > 0 ? [{ server, seconds: answered.map(({ seconds }) => seconds), again }] : [];
  });
}

interface Slow {
  server: string;
  seconds: number;
  others: number;
}

/** Real servers whose median answer took more than a second, and more than twenty times the median of the others. */
export function slowOf(paces: readonly Pace[]): Slow[] {
  return paces.flatMap(({ server, seconds }) => {
    const others = paces.filter((one) => one.server !== server).flatMap((one) => one.seconds);
    if (seconds.length < 2 || others.length < 2) return [];
    const [own, usual] = [median(seconds), median(others)];
    return own > 1 && own > 20 * usual ? [{ server, seconds: own, others: usual }] : [];
  });
}

function inWords(plan: Plan, seen: Observations, { server, seconds, others }: Slow): string {
  return `answers of ${server} take ${secondsText(seconds)}, those of others ${secondsText(others)}${queueOn(plan, seen, server)}`;
}

/** @param isSlow whether answers are late: then requests are sent again although no packet was lost */
function lossOf(plan: Plan, seen: Observations, paces: readonly Pace[], isSlow: boolean): string[] {
  if (isSlow) return [];
  const { sent, again, afterGap, patience } = seen.of(tcpCounters, theNode(plan, 'client').name);
  // A client learns the path MTU from ICMP errors, and sends again what was too large.
  const least = heardBy(plan, seen).complaints.some(isTooLarge) ? Number.POSITIVE_INFINITY : 3 * patience;
  const [worst] = [...paces].sort((one, other) => other.again - one.again);
  const server = worst && worst.again >= manyTries(plan, seen) ? worst.server : undefined;
  const found = [
    ...(worst && server
      ? [`${server}: connections had to be tried again ${worst.again} times${queueOn(plan, seen, server)}`]
      : []),
    ...(again >= least ? [`the client sent ${again} of ${sent} TCP segments again`] : []),
    ...(afterGap >= least ? [`${countOf(afterGap, 'TCP segment')} reached the client before an earlier one`] : []),
  ];
  const queues = server || found.length === 0 ? [] : plan.nodes.flatMap(({ name }) => queueOn(plan, seen, name) || []);
  return [...found, ...queues.map((text) => text.replace(/^: /, ''))];
}

/** `: eth0 of rs1 has the qdisc netem`, where somebody has set a queueing discipline. */
function queueOn(plan: Plan, seen: Observations, node: string): string {
  const known = plan.nodes.find(({ name }) => name === node);
  if (!known || !addresses.on(plan, known)) return '';
  const odd = seen.of(addresses, node).find(({ queue }) => !usualQueues.includes(queue));
  return odd ? `: ${odd.name} of ${node} has the qdisc ${odd.queue}` : '';
}

/** Of two values in the middle the lower one. */
function median(values: readonly number[]): number {
  return [...values].sort((one, other) => one - other)[Math.floor((values.length - 1) / 2)] ?? 0;
}

function secondsText(seconds: number): string {
  return `${seconds < 0.1 ? seconds.toFixed(3) : seconds.toFixed(1)} s`;
}

export const pace: CheckKind = {
  id: 'pace',
  about: 'no packet has to be sent again, and no real server is much slower than the others; it only warns',
  faults: [],
  looks: [tcpCounters, addresses, ...effectLooks],
  judge,
};

/** Whether requests to a real server are slow, or had to be tried again so often. */
export function isIll(plan: Plan, seen: Observations, server: string, times = 1): boolean {
  const paces = plan.services.flatMap((service) => pacesOf(plan, service, seen));
  const isLossy = paces.some((one) => one.server === server && one.again >= times);
  return isLossy || slowOf(paces).some((one) => one.server === server);
}

/** How often requests to a real server are tried again where a busy computer is no explanation any more. */
export function manyTries(plan: Plan, seen: Observations): number {
  return 2 * seen.of(tcpCounters, theNode(plan, 'client').name).patience;
}
