import { createHash, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { countOf } from '../count-of.ts';
import { InterruptedError, LabError, ScriptError } from '../errors.ts';
import { lastLines } from '../host/exec.ts';
import { mapParallel } from '../host/parallel.ts';
import type { Place } from '../host/paths.ts';
import { readState, writeState } from '../host/state-file.ts';
import type { PlannedNode } from '../plan/plan.ts';
import { renderer, type Script, type Templates } from '../render/render.ts';
import { errorText } from '../report/error-text.ts';
import type { Emit } from '../report/events.ts';
import { saidTime } from '../report/said-time.ts';
import { parseState } from '../state/parse.ts';
import { asPlanned, plannedState } from '../state/planned.ts';
import { endOfState, type Mark, stateScript } from '../state/script.ts';
import type { StateEntry } from '../state/state.ts';
import { tell } from '../state/tell.ts';
import { type Comparable, comparable, lacks, unreadIn } from '../state/unread.ts';
import { type ProvisionedLab, remoteTo } from './lab-states.ts';
import { connectWidth } from './provision.ts';

/** The state of a node when it had been set up. */
export interface RecordedState {
  /** ISO 8601, the clock of this computer. */
  recorded: string;
  /** What the machine was told: a machine that knows it is still the same one. */
  mark: string;
  /** Hash of the node's scripts. */
  scripts: string;
  entries: StateEntry[];
}

const deadlineMs = 60_000;

/** The recorded state of a node; undefined where there is none. */
export function recordedState(place: Place, node: string): Promise<RecordedState | undefined> {
  return readState<RecordedState>(fileOf(place, node));
}

function fileOf(place: Place, node: string): string {
  return join(place.folder, 'state', `${node}.json`);
}

/**
 * Reads the state of a node as it is now.
 * @param before what it will be compared with
 * @throws ScriptError, ConnectionError
 */
export async function readNodeState(
  lab: ProvisionedLab,
  templates: Templates,
  node: PlannedNode,
  before?: readonly StateEntry[],
): Promise<StateEntry[]> {
  const text = await runStateScript(lab, node.name, stateScript(renderer(templates), lab.plan, node));
  return parseState(text, lab.plan, node, before);
}

/** The states of a node that are compared. */
export interface ComparedStates extends Comparable {
  /** When the state before was recorded; missing where it is what the plan says. */
  recorded?: string;
}

/** The state of a node as it is, and the one to compare it with: the recorded one, or without a record what the plan says. */
export async function comparedStates(
  lab: ProvisionedLab,
  templates: Templates,
  node: PlannedNode,
): Promise<ComparedStates> {
  const { name } = node;
  const record = await recordedState(lab.place, name);
  const after = await readNodeState(lab, templates, node, record?.entries);
  if (record) return { recorded: record.recorded, ...comparable(name, record.entries, after) };
  return comparable(name, asPlanned(plannedState(lab.plan, node), after), after);
}

/**
 * Keeps the states of nodes that have just been set up, with which `lab diff` compares. A machine that was set up before by the
 * same scripts keeps its record: a person may have changed it since. What cannot be recorded becomes a warning.
 */
export async function recordStates(
  lab: ProvisionedLab,
  { scripts, templates }: { scripts: readonly Script[]; templates: Templates },
  emit: Emit,
): Promise<void> {
  const render = renderer(templates);
  const nodes = lab.plan.nodes.filter(({ name }) => lab.remotes.has(name));
  await mapParallel(nodes, connectWidth, async (node) => {
    const own = scripts.filter((script) => script.node === node.name);
    const hash = createHash('sha256')
      .update(JSON.stringify([own, stateScript(render, lab.plan, node)]))
      .digest('hex');
    const last = await recordedState(lab.place, node.name);
    const mark: Mark = { known: last?.scripts === hash ? last.mark : '', mark: randomUUID() };
    try {
      const text = await runStateScript(lab, node.name, stateScript(render, lab.plan, node, mark));
      if (text.startsWith(`${endOfState}\n`)) return;
      const same = last !== undefined && /^@@state told\n(.*)$/m.exec(text)?.[1] === last.mark;
      const entries = parseState(text, lab.plan, node, same ? last.entries : []);
      const missing = unreadIn(entries);
      // Without its NICs a state cannot be compared: no name of a device is known.
      if (lacks(entries, 'nic')) throw new ScriptError(missing.join('; '), { node: node.name });
      for (const one of missing)
        emit({ type: 'warning', text: `lab diff will not compare all of ${node.name}: ${one}` });
      if (same) emitChanges(node.name, last, entries, emit);
      const record: RecordedState = { recorded: new Date().toISOString(), mark: mark.mark, scripts: hash, entries };
      await writeState(fileOf(lab.place, node.name), record);
    } catch (error) {
      if (!(error instanceof LabError) || error instanceof InterruptedError) throw error;
      emit({ type: 'warning', text: `the state of ${node.name} is not recorded for lab diff: ${errorText(error)}` });
    }
  });
}

/** A machine that runs on with other scripts: what differs was set up by them, or by a person, and counts as right from now on. */
function emitChanges(node: string, last: RecordedState, entries: readonly StateEntry[], emit: Emit): void {
  const { before, after } = comparable(node, last.entries, entries);
  const changes = tell(node, before, after).map(({ section, key }) => `${section} ${key}`);
  if (changes.length === 0) return;
  const some = changes.slice(0, 3).join(', ') + (changes.length > 3 ? ', …' : '');
  const since = `Since ${saidTime(last.recorded)} ${countOf(changes.length, 'thing')} changed there`;
  const text = `${node} has a new record, because its scripts are others. ${since}, by these scripts or by a person: ${some}`;
  emit({ type: 'note', text });
}

/** Runs a script that reads a state. It goes on where a tool fails, and says so (state/unread.ts). */
async function runStateScript(lab: ProvisionedLab, node: string, input: string): Promise<string> {
  const remote = remoteTo(lab, node);
  const step = 'state';
  const { code, stdout, stderr } = await remote.exec(remote.asRoot('sh -s'), { input, deadlineMs, step });
  if (stdout.endsWith(`${endOfState}\n`)) return stdout;
  const tail = lastLines(stderr);
  throw new ScriptError(`reading the node’s state ended with exit code ${code}`, { node, step, tail });
}
