import type { Plan, PlannedNode } from '../plan/plan.ts';
import { filesRead, modesRead, unitFiles } from './places.ts';
import { sources } from './sources/index.ts';

type Render = (script: { template: string; context: Record<string, unknown> }) => string;

/** The last line that the script prints: without it the script did not run to its end. */
export const endOfState = '@@state end';

/** What a machine is told when its state is recorded. */
export interface Mark {
  /** What a machine was told whose record counts: then nothing is read. Empty where no record does. */
  known: string;
  /** What it is told now. */
  mark: string;
}

/** What the templates of a node's script may use. */
export function contextOf(
  { site, backup, family }: Plan,
  { name }: PlannedNode,
  { known, mark }: Mark = { known: '', mark: '' },
) {
  const has = { site: site !== null, backup: backup !== null, ipv6: family === 6 };
  const lists = { unitFiles, files: filesRead(has.site).join(' '), modes: modesRead(has.site).join(' ') };
  return { node: name, ...has, ...lists, known, mark, end: endOfState };
}

/**
 * The script that reads a node's state. It changes nothing and loads no module.
 * @param mark given when the state is to be recorded: the machine is told it, in a file under /run
 */
export function stateScript(render: Render, plan: Plan, node: PlannedNode, mark?: Mark): string {
  const context = contextOf(plan, node, mark);
  const parts = sources.map(({ name }) => {
    return `\necho '@@state ${name}'\n${render({ template: `state/sources/${name}`, context })}`;
  });
  return [
    render({ template: 'state/head', context }),
    ...parts,
    `\n${render({ template: 'state/end', context })}`,
  ].join('');
}
