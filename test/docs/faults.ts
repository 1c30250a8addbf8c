import { typed } from '../../scripts/checks/hint.ts';
import { checkKinds } from '../../scripts/checks/index.ts';
import { drills } from '../../scripts/drills/index.ts';
import { commandsOf, type Fault, type Place } from '../../scripts/faults/fault.ts';
import { faults } from '../../scripts/faults/index.ts';
import type { Symptom } from '../../scripts/faults/symptom.ts';
import { listLabFiles } from '../../scripts/host/lab-files.ts';
import type { Plan } from '../../scripts/plan/plan.ts';
import { planOf } from '../render/golden.ts';

const head = `# Faults

This page lists mistakes that people make with LVS without noticing. For each it has the commands that make it in a lab and the
commands that repair it. In \`lab verify\` the check in the last column fails, and its hint names the fault; "none" marks a change
that looks like a fault and is harmless. \`lab up\` repairs what the kit has set up. Where \`lab up\` would not remove a fault,
another command before it does. The kit's tests make each fault on machines.

Use this page as a list of exercises, or as a list of possible faults of your own LVS.
[troubleshooting.md](troubleshooting.md) begins with the symptoms.
`;

/** docs/faults.md: every fault, with the commands that make and repair it in one lab. */
export async function faultsPage(): Promise<string> {
  const labs = await Promise.all(labsInOrder([...(await listLabFiles()).keys()]).map((name) => planOf(name)));
  const shown = byCheck(faults.map((fault) => ({ fault, ...firstPlace(fault, labs) })));
  const rows = shown.map(
    ({ fault: { id, title }, place }) =>
      `| [${id}](#${id}) | ${title} | ${place.check ? linkTo(place.check.id) : 'none'} |`,
  );
  const table = ['| fault | what is wrong | named by |', '|---|---|---|', ...rows].join('\n');
  return `${[head, table, '', shown.map(section).join('\n\n')].join('\n')}\n`;
}

interface Shown {
  fault: Fault;
  plan: Plan;
  place: Place;
}

/** Labs of the three methods come first, because everybody knows them; then lab web, which needs no second guest image. */
function labsInOrder(names: string[]): string[] {
  const first = ['dr', 'nat', 'tun', 'web'];
  return [...first, ...names.filter((name) => !first.includes(name)).sort()];
}

/** In the order of the checks that name them; harmless changes last. */
function byCheck(shown: readonly Shown[]): Shown[] {
  const checks = [...checkKinds.map(({ id }) => id), ...drills.flatMap((drill) => drill.checks)];
  const rank = ({ place: { check } }: Shown) => (check ? checks.indexOf(check.id) : checks.length);
  return shown.toSorted((one, other) => rank(one) - rank(other));
}

function firstPlace(fault: Fault, plans: readonly Plan[]): Omit<Shown, 'fault'> {
  for (const plan of plans) {
    const [place] = fault.places(plan);
    if (place) return { plan, place };
  }
  throw new Error(`fault ${fault.id} can be made in no lab`);
}

function section({ fault: { id, title, cause }, plan, place }: Shown): string {
  const { lab } = plan;
  const { make, mend, symptom, check, also = [], race = [] } = place;
  const lines = (commands: readonly string[]) => commands.map((line) => `    ${line}`).join('\n');
  const named = check
    ? `The check ${linkTo(check.id)} names it${beside(also, 'too')}${beside(race, 'in some runs of verify')}.`
    : 'No check fails, because this change is harmless.';
  return [
    `## ${id}`,
    `**${capital(title)}.** ${cause}`,
    `What clients see: ${seenBy(symptom, plan)}. ${named} In lab \`${lab}\`:`,
    lines([
      ...commandsOf(make).map((command) => onLines(typed(command, lab))),
      `npx lab verify ${lab}`,
      ...commandsOf(mend).map((command) => onLines(typed(command, lab))),
      `npx lab up ${lab}`,
    ]),
  ].join('\n\n');
}

/** Breaks a long command into lines. A shell continues after && and ;, and nft continues after ; as well. */
export function onLines(command: string): string {
  return command.length <= 96 ? command : command.replace(/ && |; /g, (link) => `${link.trimEnd()}\n      `);
}

/** Checks that fail as well. */
function beside(checks: readonly string[], when: string): string {
  return checks.length > 0 ? `; ${checks.map(linkTo).join(', ')} fail${checks.length > 1 ? '' : 's'} ${when}` : '';
}

/** All checks of drills are described in one place. */
function linkTo(check: string): string {
  return `[${check}](checks.md#${checkKinds.some(({ id }) => id === check) ? check : 'checks-of-drills'})`;
}

function seenBy(symptom: Symptom, { realServers }: Plan): string {
  const servers = 'of' in symptom ? [...new Set(symptom.of.flatMap((share) => share.servers))] : [];
  const which = servers.length < realServers.length ? `requests that go to ${servers.join(' and ')}` : 'requests';
  switch (symptom.kind) {
    case 'none':
      return 'nothing, every request is answered';
    case 'site fails':
      return 'the page `/server`, which `lab verify` asks for, is answered; other pages of the web site are wrong, late or missing';
    case 'without IPVS':
      return 'nothing, every request is answered; but IPVS may count no request';
    case 'varies':
      return 'different results each time';
    case 'fails':
      return `${which} fail`;
    case 'fails at first':
      return `${which} fail until health checks take the real server out`;
    case 'unused':
      return `every request is answered, but none by ${servers.join(' or ')}`;
    case 'one server':
      return 'every request is answered, all by the same real server';
  }
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
