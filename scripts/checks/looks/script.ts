import { type Plan, type PlannedNode, vipsOf } from '../../plan/plan.ts';
import { clientOf } from './asking.ts';
import type { Look, Need, Printed, Round } from './look.ts';

/** Time limits in seconds: `connect` for a connection or a DNS answer, `answer` for a whole answer, `listen` for answers to ARP. */
export interface Waiting {
  connect: number;
  answer: number;
  listen: number;
}

/** The requests that a client sends to one service: the first one from port `firstPort`, and `step` more for each. */
export interface Requests {
  /** The NAME of the shell function that sends them, `ask_NAME`. */
  client: string;
  targets: string[];
  firstPort: number;
  step: number;
  count: number;
  /** How many large ones follow. */
  large: number;
}

/** What a look does on a node in one round. */
export interface Part {
  look: Look<unknown>;
  round: Round;
  template: string;
  context: Record<string, unknown>;
}

/** The looks that are made on a node. */
export function looksOn(plan: Plan, node: PlannedNode, looks: readonly Look<unknown>[]): Look<unknown>[] {
  return looks.filter((look) => look.on(plan, node) !== undefined);
}

/**
 * The looks of a node in these rounds, in the order of the rounds, and within a round in the order of the looks.
 * @param settings.requests what the client sends; empty on other nodes
 */
export function partsOn(
  plan: Plan,
  node: PlannedNode,
  looks: readonly Look<unknown>[],
  rounds: readonly Round[],
  settings: { waiting: Waiting; requests: readonly Requests[] },
): Part[] {
  const common = commonTo(plan, node, settings);
  return rounds.flatMap((round) =>
    inOrder(looks, round).flatMap((look) => {
      const template = look.templates[round];
      const context = template === undefined ? undefined : look.on(plan, node);
      return template && context ? { look, round, template, context: { ...common, ...context } } : [];
    }),
  );
}

/** Looks that began something before the requests end it first after them, in the reverse order. */
function inOrder(looks: readonly Look<unknown>[], round: Round): readonly Look<unknown>[] {
  if (round !== 'after') return looks;
  const begun = looks.filter(({ templates }) => templates.before !== undefined);
  return [...begun.reverse(), ...looks.filter(({ templates }) => templates.before === undefined)];
}

/** What every template may use. */
function commonTo(
  plan: Plan,
  { name, nics }: PlannedNode,
  settings: { waiting: Waiting; requests: readonly Requests[] },
) {
  return {
    node: name,
    mac: nics[0]?.mac,
    address: nics[0]?.address,
    ipv6: plan.family === 6,
    vips: vipsOf(plan),
    ...settings,
  };
}

/** The first part of a script: shell functions and variables. */
export function headOf(plan: Plan, parts: readonly Part[]) {
  const needs = new Set<Need>(parts.flatMap(({ look }) => look.needs ?? []));
  const asks = needs.has('ask');
  const context = {
    ...parts[0]?.context,
    nic: needs.has('nic') || needs.has('device'),
    device: needs.has('device'),
    work: needs.has('work') || asks,
    clients: asks ? [...new Set(plan.services.map(clientOf))] : [],
  };
  return { template: 'checks/looks/head', context };
}

/** The script that looks at a node: a head, each part under a line that names it, and a line for the end. */
export function lookScript(
  render: (script: { template: string; context: Record<string, unknown> }) => string,
  plan: Plan,
  parts: readonly Part[],
): string {
  const texts = parts.map((part) => `\necho '@@look ${part.look.name} ${part.round}'\n${render(part)}`);
  return [render(headOf(plan, parts)), ...texts, `\necho '${endOfScript}'\n`].join('');
}

/** The last line of the output of a script that ran to its end. */
export const endOfScript = '@@look end';

/** Gives each look its part of what the scripts of one node printed, in the order of time. */
export function printedBy(texts: readonly string[]): (look: Look<unknown>) => Printed {
  const found = new Map<string, string[]>();
  for (const part of texts.flatMap((text) => text.split(/^@@look /m).slice(1))) {
    const end = part.indexOf('\n');
    const name = part.slice(0, end);
    found.set(name, [...(found.get(name) ?? []), part.slice(end + 1)]);
  }
  return ({ name }) => ({
    in(round) {
      const [text] = found.get(`${name} ${round}`) ?? [];
      if (text === undefined) throw new Error(`nothing was printed for the look "${name}" in the round "${round}"`);
      return text;
    },
    during: () => found.get(`${name} during`) ?? [],
  });
}
