import { checkKinds } from '../../scripts/checks/index.ts';
import { type Act, type Fault, type FaultFamily, faultFamilies, type Place } from '../../scripts/faults/fault.ts';
import { faults } from '../../scripts/faults/index.ts';
import { reported } from '../../scripts/faults/reported.ts';
import { listLabFiles } from '../../scripts/host/lab-files.ts';
import type { Plan } from '../../scripts/plan/plan.ts';
import { planOf } from '../render/golden.ts';
import { type Diagnoses, matrixSum, matrixTable, recordedDiagnoses } from '../runner/diagnoses.ts';

const head = `# Faults

This page lists mistakes that people make with LVS, most of them without noticing. \`lab break\` makes one in a running lab, and
says so once its effect was seen. \`lab mend\` undoes it. With \`--random\` it tells only what a user would report, which is an
exercise: [teaching.md](teaching.md) has one for a class. \`npx lab faults NAME\` lists the faults that a lab can have and where.
[troubleshooting.md](troubleshooting.md) begins with the symptoms.

A check in the last column fails in \`lab verify\`, and its hint names the fault. "Harmless" marks a change that looks like a fault.
`;

const familyTitles: Record<FaultFamily, string> = {
  arp: 'ARP and neighbours',
  vip: 'The VIP',
  route: 'Routes',
  firewall: 'Firewalls',
  mtu: 'Long packets',
  line: 'The line and the NIC',
  ipvs: 'IPVS',
  daemon: 'Daemons',
  application: 'Behind and around the real servers',
  time: 'Time',
  ha: 'Two directors',
};

/** docs/faults.md: every fault by families, with the commands that make and repair it in one lab. */
export async function faultsPage(): Promise<string> {
  const labs = await Promise.all(labsInOrder([...(await listLabFiles()).keys()]).map((name) => planOf(name)));
  const shown = faults.map((fault) => ({ fault, ...firstPlace(fault, labs) }));
  const families = faultFamilies.map((family) => {
    const own = shown.filter(({ fault }) => fault.family === family);
    return [`## ${familyTitles[family]}`, tableOf(own), ...own.map(section)].join('\n\n');
  });
  return `${head}\n${families.join('\n\n')}\n${matrix(await recordedDiagnoses())}`;
}

function matrix(seen: Diagnoses): string {
  if (Object.keys(seen).length === 0) return '';
  return `
## What a diagnosis names

\`npm run test:faults -- LAB\` makes each fault of a lab at its first place, removes the note of \`lab break\` about it, and asks
\`lab diagnose\`. The table shows the first cause that it named; ● marks the fault that was made, at its place. In all it named ${matrixSum(seen)}.

${matrixTable(seen)}
`;
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

function firstPlace(fault: Fault, plans: readonly Plan[]): Omit<Shown, 'fault'> {
  for (const plan of plans) {
    const [place] = fault.places(plan);
    if (place) return { plan, place };
  }
  throw new Error(`fault ${fault.id} can be made in no lab`);
}

function tableOf(shown: readonly Shown[]): string {
  const rows = shown.map(
    ({ fault: { id, title }, place }) => `| [${id}](#${id}) | ${title.replaceAll('|', '\\|')} | ${namedBy(place)} |`,
  );
  return ['| fault | what is wrong | seen by |', '|---|---|---|', ...rows].join('\n');
}

function namedBy({ check, harmless }: Place): string {
  if (check) return linkTo(check.id);
  return harmless ? 'harmless' : '';
}

function section({ fault: { id, title, cause }, plan, place }: Shown): string {
  const { lab } = plan;
  const { make, mend = [], symptom, check, also = [], race = [] } = place;
  const named = check
    ? ` The check ${linkTo(check.id)} names it${beside(also, 'too')}${beside(race, 'in some runs of verify')}.`
    : '';
  const undone = mend.length > 0 ? ['To undo it:', actsText(mend)] : [];
  return [
    `### ${id}`,
    `**${capital(title)}.** ${cause}`,
    `What users see: ${reported(plan, symptom)}.${named} In lab \`${lab}\`:`,
    lines([`npx lab break ${lab} ${id} ${place.name}`, `npx lab mend ${lab}`]),
    'It is made by:',
    actsText(make),
    ...undone,
  ].join('\n\n');
}

/** What is done on which node, as text to read. A line is changed by no command. */
function actsText(acts: readonly Act[]): string {
  return lines(
    acts.map((act) => {
      if ('run' in act) return `${act.on}# ${onLines(act.run)}`;
      const settings = Object.keys(act.line).length > 0 ? JSON.stringify(act.line) : 'all right';
      return `line of ${act.node} to network ${act.network}: ${settings}`;
    }),
  );
}

function lines(texts: readonly string[]): string {
  return texts.map((text) => `    ${text}`).join('\n');
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

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
