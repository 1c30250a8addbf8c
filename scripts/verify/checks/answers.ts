import type { IpvsConnection } from '../../ipvs/parse.ts';
import { type Prediction, predict } from '../../ipvs/predict.ts';
import type { Plan } from '../../plan/plan.ts';
import { type Judge, listed } from '../check.ts';
import type { Answer, Observations } from '../observations.ts';

/** A request counts as answered when a page came that names one of the lab's real servers. */
export function isAnswered(plan: Plan, { status, server }: Answer): boolean {
  return status === 200 && plan.realServers.some(({ node }) => node === server);
}

/** The sequence of answers as a row of digits, x for none: 212x. With ten or more real servers, names. */
export function sequenceText(plan: Plan, servers: readonly (string | undefined)[]): string {
  const numbers = servers.map((server) => {
    const at = plan.realServers.findIndex(({ node }) => node === server);
    return at < 0 ? 'x' : String(at + 1);
  });
  return numbers.join(plan.realServers.length > 9 ? ' ' : '');
}

export const everyRequestAnswered: Judge = (plan, { client, director }) => {
  const answered = client.answers.filter((answer) => isAnswered(plan, answer));
  const ok = answered.length === plan.requests && client.answers.length === plan.requests;
  const failures = new Set(
    client.answers.flatMap(({ error, status }) => withoutTime(error) ?? (status === 200 ? [] : [`HTTP ${status}`])),
  );
  return {
    id: 'answers',
    title: 'every request is answered',
    ok,
    expected: `${plan.requests} answers`,
    observed: ok ? `${answered.length} answers` : `${answered.length} of ${plan.requests}; ${[...failures].join('; ')}`,
    ...(!ok && { hint: silentServers(plan, client.answers, director.connections) }),
  };
};

/** curl's words without how long it took, so that the same failure is said once. */
function withoutTime(error: string | undefined): string | undefined {
  return error?.replace(/ after \d+ m(illi)?s(econds)?/, '');
}

/** Whom the unanswered requests were given to, by the director's connection table. */
function silentServers(plan: Plan, answers: readonly Answer[], connections: readonly IpvsConnection[]): string {
  const unanswered = new Set(answers.filter((answer) => !isAnswered(plan, answer)).map(({ localPort }) => localPort));
  const stuck = connections.filter(({ clientPort }) => unanswered.has(clientPort)).map(({ realServer }) => realServer);
  const silent = plan.realServers.filter(({ address }) => stuck.includes(address)).map(({ node }) => node);
  if (silent.length === 0) return 'the requests did not get through the director: see the checks that failed below';
  return `requests given to ${listed(silent)} got no answer: see the checks that failed below`;
}

/** The exact sequence where the scheduler has one. Where it starts is known only for a table that was never used. */
export const answersFollowScheduler: Judge = (plan, seen) => {
  const servers = seen.client.answers.map((answer) => (isAnswered(plan, answer) ? answer.server : undefined));
  const order = kernelOrder(plan, seen);
  const prediction = predict(plan.service, order);
  const unused = seen.director.before.connections === 0;
  const { ok, expected } = compare(plan, prediction, servers, unused);
  const { scheduler } = plan.service;
  return {
    id: 'sequence',
    title: `answers follow ${scheduler}`,
    ok,
    expected,
    observed: sequenceText(plan, servers) || 'no answers',
    ...(!ok && {
      hint: 'a real server is missing, quiesced (weight 0) or silent, or the requests go past the director: see the other checks',
    }),
  };
};

/** Real servers in the order of the director's table; as planned, last added first, where the table lacks one. */
function kernelOrder(plan: Plan, { director }: Observations): { name: string; weight: number }[] {
  const { vip, port } = plan.service;
  const table = director.table.find((service) => service.vip === vip && service.port === port)?.destinations ?? [];
  const ordered = table.flatMap(({ address }) => plan.realServers.find((server) => server.address === address) ?? []);
  const complete = ordered.length === plan.realServers.length ? ordered : [...plan.realServers].reverse();
  return complete.map(({ node, weight }) => ({ name: node, weight }));
}

function compare(
  plan: Plan,
  prediction: Prediction,
  servers: readonly (string | undefined)[],
  unused: boolean,
): { ok: boolean; expected: string } {
  switch (prediction.kind) {
    case 'cycle': {
      const { order } = prediction;
      const start = unused ? 0 : Math.max(0, order.indexOf(servers[0] ?? ''));
      const expected = servers.map((_, index) => order[(start + index) % order.length]);
      return {
        ok: servers.length > 0 && expected.every((name, index) => name === servers[index]),
        expected: sequenceText(plan, expected),
      };
    }
    case 'window': {
      const { window, shares } = prediction;
      const whole = servers.length >= window;
      const starts = whole ? servers.length - window + 1 : 1;
      const windows = Array.from({ length: starts }, (_, at) => servers.slice(at, at + window));
      // Less than a round: nobody may have more than a round gives.
      const fits = (picks: readonly (string | undefined)[]) =>
        picks.every((pick) => pick !== undefined && shares.has(pick)) &&
        [...shares].every(([name, share]) => {
          const count = picks.filter((pick) => pick === name).length;
          return whole ? count === share : count <= share;
        });
      const text = [...shares].map(([name, share]) => `${name} ${share}`).join(', ');
      return { ok: servers.length > 0 && windows.every(fits), expected: `of any ${window}: ${text}` };
    }
    case 'one': {
      const [first] = servers;
      const ok = first !== undefined && prediction.of.includes(first) && servers.every((server) => server === first);
      return { ok, expected: 'always the same' };
    }
    case 'any':
      return {
        ok: servers.every((server) => server !== undefined && prediction.of.includes(server)),
        expected: `any of ${prediction.of.join(', ')}`,
      };
  }
}
