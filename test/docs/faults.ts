import { typed } from '../../scripts/checks/hint.ts';
import { checkKinds } from '../../scripts/checks/index.ts';
import type { Fault, Place } from '../../scripts/faults/fault.ts';
import { faults } from '../../scripts/faults/index.ts';
import type { Symptom } from '../../scripts/faults/symptom.ts';
import { listLabFiles } from '../../scripts/host/lab-files.ts';
import type { Plan } from '../../scripts/plan/plan.ts';
import { planOf } from '../render/golden.ts';

const head = `# Faults

Mistakes that people make with LVS without noticing, each with the commands that make it in a lab, and mend it. The check in
the last column fails in \`lab verify\`, and its hint names the fault; "none" is for what only looks like a fault. \`lab up\`
mends what the kit has set up. Where it would leave a fault alone, a command before it takes that away. The kit's tests make
each fault on machines.

Use this page as a list of exercises, or as a list of what may be wrong with an LVS of your own.
[troubleshooting.md](troubleshooting.md) begins with what you see.
`;

/** docs/faults.md: every fault of the shelf, with the commands that make and mend it in one lab. */
export async function faultsPage(): Promise<string> {
  const labs = await Promise.all(labsInOrder([...(await listLabFiles()).keys()]).map((name) => planOf(name)));
  const shown = faults.map((fault) => ({ fault, ...firstPlace(fault, labs) }));
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

/** The three methods first, which everybody knows; a web site in lab web, which needs no second guest image. */
function labsInOrder(names: string[]): string[] {
  const first = ['dr', 'nat', 'tun', 'web'];
  return [...first, ...names.filter((name) => !first.includes(name)).sort()];
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
  const { make, mend = [], symptom, check, also = [], race = [] } = place;
  const lines = (commands: readonly string[]) => commands.map((line) => `    ${line}`).join('\n');
  const named = check
    ? `The check ${linkTo(check.id)} names it${beside(also, 'too')}${beside(race, 'in some verifies')}.`
    : 'No check fails: it looks like a fault and is none.';
  return [
    `## ${id}`,
    `**${capital(title)}.** ${cause}`,
    `What clients see: ${seenBy(symptom, plan)}. ${named} In lab \`${lab}\`:`,
    lines([
      ...make.map((command) => onLines(typed(command, lab))),
      `npx lab verify ${lab}`,
      ...mend.map((command) => onLines(typed(command, lab))),
      `npx lab up ${lab}`,
    ]),
  ].join('\n\n');
}

/** A long command on several lines: a shell reads on after && and ;, and nft after ; as well. */
function onLines(command: string): string {
  return command.length <= 96 ? command : command.replace(/ && |; /g, (link) => `${link.trimEnd()}\n      `);
}

/** Checks that fail as well. */
function beside(checks: readonly string[], when: string): string {
  return checks.length > 0 ? `; ${checks.map(linkTo).join(', ')} fail${checks.length > 1 ? '' : 's'} ${when}` : '';
}

/** Checks of drills have one place together. */
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
      return 'nothing, every request is answered; but IPVS may count none of them';
    case 'varies':
      return 'not the same each time';
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
