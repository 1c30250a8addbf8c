import { setTimeout as pause } from 'node:timers/promises';
import { ProviderError, ScriptError } from '../errors.ts';
import type { Act, NodeCommand, Witness } from '../faults/fault.ts';
import { lastLines } from '../host/exec.ts';
import type { Place } from '../host/paths.ts';
import type { Plan } from '../plan/plan.ts';
import type { Lines } from '../providers/provider.ts';
import { providerOf } from '../providers/providers.ts';
import { disconnect } from '../provision/lab-states.ts';
import { connectAll } from '../provision/provision.ts';
import type { Remote, RemoteResult } from '../remote/remote.ts';
import { labArgument } from '../render/lab-argument.ts';
import type { Emit } from '../report/events.ts';
import { prepareHost } from './bring-up.ts';
import { machinesOf } from './opened-lab.ts';

/** The nodes of a running lab on which faults are made, witnessed and undone. */
export interface FaultyNodes {
  /** Performs steps, one after the other. @throws ScriptError when one fails */
  perform(acts: readonly Act[]): Promise<void>;
  /** Looks a few times, until the witness says what is expected. @returns whether the witness saw the fault in the last look */
  sees(witness: Witness, expected: boolean): Promise<boolean>;
}

/** How often a witness looks before an unexpected result counts, and the pause between two looks. */
const looks = { times: 4, pauseMs: 700 };

const deadlineMs = 90_000;

/** Calls `work` with connections to all nodes that the steps and witnesses need. The caller holds the lab's lock. */
export async function withFaultyNodes<T>(
  lab: { plan: Plan; place: Place },
  needs: { acts: readonly Act[]; witnesses: readonly Witness[] },
  emit: Emit,
  work: (nodes: FaultyNodes) => Promise<T>,
): Promise<T> {
  const needed = nodesFor(needs);
  const lines = needs.acts.some((act) => 'line' in act) ? await linesOf(lab.plan, emit) : undefined;
  const all = await machinesOf(lab, needed, emit, { locked: true });
  const machines = all.filter(({ node }) => needed.includes(node));
  const remotes = await connectAll(machines);
  try {
    return await work(nodesWith(lab, remotes, lines));
  } finally {
    disconnect({ remotes });
  }
}

function nodesFor({ acts, witnesses }: { acts: readonly Act[]; witnesses: readonly Witness[] }): string[] {
  const commands = [...acts, ...witnesses, ...witnesses.flatMap(({ first }) => first ?? [])];
  return [...new Set(commands.flatMap((act) => ('on' in act ? act.on : [])))];
}

async function linesOf(plan: Plan, emit: Emit): Promise<Lines> {
  const { lines } = await providerOf(plan.provider);
  if (!lines) throw new ProviderError(`provider ${plan.provider} cannot change lines`);
  await prepareHost(lines.parts, true, emit);
  return lines;
}

function nodesWith(
  { plan, place }: { plan: Plan; place: Place },
  remotes: ReadonlyMap<string, Remote>,
  lines: Lines | undefined,
): FaultyNodes {
  const run = ({ on, run }: NodeCommand): Promise<RemoteResult> => {
    const remote = remotes.get(on);
    if (!remote) throw new Error(`no connection to ${on}`);
    return remote.exec(remote.asRoot('sh -s'), { input: run, deadlineMs });
  };
  return {
    async perform(acts) {
      for (const act of acts) {
        if ('line' in act) {
          await lines?.set(place, act);
          continue;
        }
        const { code, stdout, stderr } = await run(act);
        if (code === 0) continue;
        throw new ScriptError(`a command on ${act.on} ended with exit code ${code}`, {
          node: act.on,
          tail: lastLines(stderr || stdout),
          tryThis: `lab mend ${labArgument(plan)}, which undoes what was done`,
        });
      }
    },
    async sees(witness, expected) {
      for (let left = looks.times; ; left--) {
        if (witness.first) await run(witness.first);
        const { code } = await run(witness);
        if ((code === 0) === expected) return expected;
        if (left <= 1) return !expected;
        await pause(looks.pauseMs);
      }
    },
  };
}
