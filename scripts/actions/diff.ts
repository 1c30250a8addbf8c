import { type HintCommand, typed } from '../checks/hint.ts';
import { ExitCode } from '../errors.ts';
import { mapParallel } from '../host/parallel.ts';
import { projectRoot } from '../host/paths.ts';
import type { Plan } from '../plan/plan.ts';
import { disconnect, type ProvisionedLab } from '../provision/lab-states.ts';
import { comparedStates } from '../provision/node-states.ts';
import { connectAll, connectWidth } from '../provision/provision.ts';
import { labArgument } from '../render/lab-argument.ts';
import { loadTemplates } from '../render/load-templates.ts';
import type { Templates } from '../render/render.ts';
import { programName } from '../report/as-typed.ts';
import { type Look, print, printJson, screenLook } from '../report/output.ts';
import { saidTime } from '../report/said-time.ts';
import { display } from '../report/sinks.ts';
import { wrapped } from '../report/wrap.ts';
import { type ToldDifference, tell } from '../state/tell.ts';
import type { Globals } from './globals.ts';
import { findRunningLab, machinesOf, requireNode } from './opened-lab.ts';

/** What differs on one node. */
export interface NodeDiff {
  node: string;
  /** When the state was recorded with which the node is compared. Null without a record: then the node is compared with the plan. */
  recorded: string | null;
  /** What could not be read, and so is not compared: a sentence each. */
  unread: string[];
  differences: ToldDifference[];
}

/** lab diff NAME [NODE]: what differs from the state that `lab up` recorded. */
export async function diff(name: string, node: string | undefined, globals: Globals): Promise<number> {
  const screen = display(globals.json ? 'quiet' : globals.loudness);
  const opened = await findRunningLab(name);
  const { plan, place } = opened;
  const wanted = node === undefined ? plan.nodes.map((one) => one.name) : [requireNode(plan, node)];
  const machines = (await machinesOf(opened, wanted, screen.emit)).filter((one) => wanted.includes(one.node));
  const [templates, remotes] = await Promise.all([loadTemplates(projectRoot), connectAll(machines)]);
  const lab: ProvisionedLab = { plan, place, machines, remotes };
  try {
    const diffs = await mapParallel(wanted, connectWidth, (one) => diffOf(lab, templates, one));
    screen.clear();
    if (globals.json) printJson({ schema: 'lvs-lab/diff/1', lab: plan.lab, nodes: diffs.map(documentOf(plan)) });
    else print(diffText(plan, diffs, screenLook()));
    return ExitCode.ok;
  } finally {
    screen.clear();
    disconnect(lab);
  }
}

async function diffOf(lab: ProvisionedLab, templates: Templates, name: string): Promise<NodeDiff> {
  const node = lab.plan.nodes.find((one) => one.name === name);
  if (!node) throw new Error(`no node ${name}`);
  const { recorded = null, before, after, unread } = await comparedStates(lab, templates, node);
  return { node: name, recorded, unread, differences: tell(name, before, after) };
}

function documentOf(plan: Plan) {
  return ({ node, recorded, unread, differences }: NodeDiff) => ({
    node,
    recorded,
    unread,
    differences: differences.map(({ section, key, before, after, may, undo }) => {
      const command = undo === undefined ? null : typed({ on: node, run: undo }, labArgument(plan), programName());
      return { section, key, before: before ?? null, after: after ?? null, may, undo: command };
    }),
  });
}

/** Shows only nodes on which something differs, and what each was compared with. */
export function diffText(plan: Plan, diffs: readonly NodeDiff[], look: Look, program = programName()): string {
  const bad = diffs.filter(({ differences }) => differences.length > 0);
  const unrecorded = diffs.filter(({ recorded }) => recorded === null).map(({ node }) => node);
  const notes =
    unrecorded.length > 0
      ? wrapped(
          `${unrecorded.join(', ')}: no state was recorded, so the comparison is with the plan, which says little; ${program} up ${labArgument(plan)} records the state`,
          look.width,
        )
      : [];
  const unread = diffs.flatMap((one) => one.unread.flatMap((text) => wrapped(text, look.width)));
  if (bad.length === 0)
    return [unread.length > 0 ? 'nothing that could be read differs' : 'nothing differs', ...unread, ...notes].join(
      '\n',
    );
  return [
    ...bad.map((one) => nodeText(plan, one, look, program)),
    ...(unread.length + notes.length > 0 ? [[...unread, ...notes].join('\n')] : []),
  ].join('\n\n');
}

function nodeText(plan: Plan, { node, recorded, differences }: NodeDiff, look: Look, program: string): string {
  const since = recorded === null ? 'compared with the plan' : `since ${saidTime(recorded)}`;
  const items = differences.map((one) => itemText(plan, node, one, look, program));
  return [`${look.paint('bold', node)}, ${since}`, ...items].join('\n');
}

function itemText(plan: Plan, node: string, one: ToldDifference, { paint, width }: Look, program: string): string {
  const command: HintCommand =
    one.undo === undefined ? { lab: `reset ${labArgument(plan)} ${node}` } : { on: node, run: one.undo };
  const lines = (sign: string, value: string | undefined, other: string | undefined) =>
    shownLines(value, other).map((line) => `  ${sign} ${one.section} ${one.key}${line ? `  ${line}` : ''}`);
  const indent = '    ';
  return [
    ...lines('-', one.before, one.after).map((line) => paint('red', line)),
    ...lines('+', one.after, one.before).map((line) => paint('green', line)),
    ...wrapped(one.may, width - indent.length).map((line) => indent + line),
    `${indent}${paint('dim', typed(command, labArgument(plan), program))}`,
  ].join('\n');
}

/** The lines of a value that the other value does not have. If neither value has such a line, all its lines. */
function shownLines(value: string | undefined, other: string | undefined): string[] {
  if (value === undefined) return [];
  const all = value.split('\n');
  const others = other?.split('\n') ?? [];
  const own = other === undefined || all.length === 1 ? all : all.filter((line) => !others.includes(line));
  return own.length > 0 || others.some((line) => !all.includes(line)) ? own : all;
}
