import { join, relative } from 'node:path';
import { backendOf } from '../backends/index.ts';
import { ExitCode } from '../errors.ts';
import { ipvsRules, portsOf, serviceName } from '../ipvs/rules.ts';
import { kernelWords } from '../model/kernels.ts';
import type { Plan } from '../plan/plan.ts';
import { disconnect } from '../provision/lab-states.ts';
import { labArgument } from '../render/lab-argument.ts';
import { asTyped } from '../report/as-typed.ts';
import { columns } from '../report/columns.ts';
import { printJson, printText, say } from '../report/output.ts';
import { display, jsonLines, toAll } from '../report/sinks.ts';
import { bringUp } from './bring-up.ts';
import type { Globals } from './globals.ts';
import { nextSteps } from './next-steps.ts';
import { type MachineOptions, openLab } from './open-lab.ts';

export interface UpOptions extends MachineOptions {
  dryRun: boolean;
}

/** lab up NAME: starts the machines and runs the scripts. With --dry-run it only prints the plan. */
export async function up(name: string, options: UpOptions, globals: Globals): Promise<number> {
  const screen = display(globals.json ? 'quiet' : globals.loudness);
  const opened = await openLab(name, options, screen.emit);
  const { plan, place, scripts } = opened;
  if (options.dryRun) {
    if (globals.json) printJson({ ...plan });
    else printText(planText(plan));
    return ExitCode.ok;
  }
  const emit = toAll(screen.emit, jsonLines(join(place.folder, 'events.jsonl')));
  try {
    const { lab, seconds } = await bringUp(opened, { setup: options.setup, what: `lab up ${labArgument(plan)}` }, emit);
    disconnect(lab);
    screen.clear();
    const nodes = lab.machines.map(({ node, ssh }) => ({ node, sshHost: ssh.host, sshPort: ssh.port }));
    if (globals.json) {
      printJson({
        schema: 'lvs-lab/up/1',
        lab: plan.lab,
        provider: plan.provider,
        nodes,
        scripts: scripts.length,
        seconds,
      });
    } else if (globals.loudness !== 'quiet') say(nextSteps(plan));
    return ExitCode.ok;
  } finally {
    screen.clear();
  }
}

/** cloud kernel; or, where machines have others: cloud kernel (director 7.2). */
function kernelsText({ kernel, nodes }: Plan): string {
  const others = nodes.flatMap(({ name, kernel: other, module }) => [
    ...(other ? [`${name} ${kernelWords(other)}`] : []),
    ...(module ? [`${name} with ${relative('', module)}`] : []),
  ]);
  return `${kernelWords(kernel)} kernel${others.length > 0 ? ` (${others.join(', ')})` : ''}`;
}

/** A plan as text for people. */
function planText(plan: Plan): string {
  const nodes = plan.nodes.flatMap(({ name, role, nics }) =>
    nics.map((nic, index) => [
      index === 0 ? name : '',
      index === 0 ? role : '',
      nic.network,
      `${nic.address}/${nic.prefix}`,
      nic.mac,
    ]),
  );
  const services = plan.services.map((service) => [
    serviceName(service),
    service.vip,
    portsOf(service).join(', '),
    [...new Set(service.endpoints.map(({ backend }) => `${backend} (${backendOf(backend).daemon.name})`))].join(', '),
  ]);
  const scripts = plan.phases.flatMap(({ scripts: all }) =>
    all.map(({ node, file, template }) => [node, file, template]),
  );
  return [
    `lab ${plan.lab}: ${plan.title}`,
    `  ${plan.mode}, Debian ${plan.release}, ${kernelsText(plan)}, ${plan.memory} MiB a machine`,
    `  provider ${plan.provider}${plan.box ? `, box ${plan.box}` : ''}`,
    '',
    columns([['node', 'role', 'network', 'address', 'MAC'], ...nodes]),
    '',
    columns([['service', 'VIP', 'ports', 'served by'], ...services]),
    '',
    '  IPVS table of the director, as arguments of ipvsadm:',
    ...ipvsRules(plan.services).map((rule) => `    ${rule}`),
    '',
    columns([['node', 'script', 'template'], ...scripts]),
    '',
    asTyped(`  Nothing was started. lab render ${labArgument(plan)} prints the scripts.`),
  ].join('\n');
}
