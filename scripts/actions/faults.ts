import { ExitCode } from '../errors.ts';
import { type Fault, type FaultFamily, faultFamilies } from '../faults/fault.ts';
import { faults } from '../faults/index.ts';
import { reported } from '../faults/reported.ts';
import type { Plan } from '../plan/plan.ts';
import { labArgument } from '../render/lab-argument.ts';
import { asTyped } from '../report/as-typed.ts';
import { columns } from '../report/columns.ts';
import { type Paint, painter, print, printJson } from '../report/output.ts';
import { display } from '../report/sinks.ts';
import type { Globals } from './globals.ts';
import { openLab } from './open-lab.ts';

/** What a family is about, as a heading. */
export const familyTitles: Record<FaultFamily, string> = {
  arp: 'ARP and neighbours',
  vip: 'the VIP',
  route: 'routes',
  firewall: 'firewalls',
  mtu: 'long packets',
  line: 'the line and the NIC',
  ipvs: 'IPVS',
  daemon: 'daemons',
  application: 'behind and around the real servers',
  time: 'time',
  ha: 'two directors',
};

/** lab faults [NAME]: the faults that the kit can make; with a lab those that it can have, and where. */
export async function listFaults(name: string | undefined, globals: Globals): Promise<number> {
  const plan = name === undefined ? undefined : await planOf(name, globals);
  if (globals.json) printJson(documentOf(plan));
  else print(textOf(plan, painter(process.stdout)));
  return ExitCode.ok;
}

async function planOf(name: string, globals: Globals): Promise<Plan> {
  const { emit } = display(globals.json ? 'quiet' : globals.loudness);
  return (await openLab(name, {}, emit)).plan;
}

function documentOf(plan: Plan | undefined) {
  const all = faults.map((fault) => {
    const { id, family, title, cause } = fault;
    return { id, family, title, cause, ...(plan && { places: placesOf(fault, plan) }) };
  });
  return {
    schema: 'lvs-lab/faults/1',
    lab: plan?.lab ?? null,
    faults: all.filter(({ places }) => !places || places.length > 0),
  };
}

function placesOf(fault: Fault, plan: Plan) {
  return fault.places(plan).map(({ name, nodes, symptom, check, harmless = false }) => {
    return { place: name, nodes, reported: reported(plan, symptom), check: check?.id ?? null, harmless };
  });
}

function textOf(plan: Plan | undefined, paint: Paint): string {
  const parts = faultFamilies.flatMap((family) => {
    const rows = faults
      .filter((fault) => fault.family === family)
      .flatMap(({ id, title, places }) => {
        const names = plan ? places(plan).map((place) => place.name) : [];
        if (plan && names.length === 0) return [];
        return [[id, title, ...(plan ? [paint('dim', names.join(', '))] : [])]];
      });
    return rows.length > 0 ? [`${paint('bold', familyTitles[family])}\n${columns(rows)}`] : [];
  });
  const lab = plan ? labArgument(plan) : 'NAME';
  const hint = plan
    ? `lab break ${lab} FAULT [PLACE], or lab break ${lab} --random`
    : 'lab faults NAME shows where a lab can have them';
  return `${parts.join('\n\n')}\n\n${asTyped(hint)}`;
}
