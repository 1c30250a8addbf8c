import { ExitCode } from '../errors.ts';
import { print, printJson } from '../report/output.ts';
import { display } from '../report/sinks.ts';
import type { Globals } from './globals.ts';
import { type LabOptions, openLab } from './open-lab.ts';
import { requireNode } from './opened-lab.ts';

/** lab render NAME [--node N]: prints the scripts; needs no machine. */
export async function render(name: string, options: LabOptions & { node?: string }, globals: Globals): Promise<number> {
  const { plan, scripts } = await openLab(name, options, display(globals.json ? 'quiet' : globals.loudness).emit);
  if (options.node !== undefined) requireNode(plan, options.node);
  const wanted = scripts.filter(({ node }) => options.node === undefined || node === options.node);
  if (globals.json) printJson({ schema: 'lvs-lab/render/1', lab: plan.lab, scripts: wanted });
  else print(wanted.map(({ node, file, text }) => `##### ${node}: ${file}\n${text}`).join('\n'));
  return ExitCode.ok;
}
