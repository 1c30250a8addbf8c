import { typed } from '../checks/hint.ts';
import { ScriptError } from '../errors.ts';
import { lastLines } from '../host/exec.ts';
import { theNode } from '../plan/plan.ts';
import { Remote } from '../remote/remote.ts';
import { labArgument } from '../render/lab-argument.ts';
import { display } from '../report/sinks.ts';
import type { Globals } from './globals.ts';
import { findRunningLab, machinesOf } from './opened-lab.ts';

export interface Director {
  lab: string;
  /** Runs shell text as root. @throws ScriptError when it fails */
  sh(text: string, input?: string): Promise<string>;
}

/** Calls `work` with a connection to the director of a running lab. */
export async function withDirector<T>(
  nameOrPath: string,
  globals: Globals,
  work: (director: Director) => Promise<T>,
): Promise<T> {
  const opened = await findRunningLab(nameOrPath);
  const node = theNode(opened.plan, 'director').name;
  const machines = await machinesOf(opened, [node], display(globals.json ? 'quiet' : globals.loudness).emit);
  const machine = machines.find((one) => one.node === node);
  if (!machine) throw new Error(`no machine of ${node}`);
  const remote = await Remote.connect(machine);
  try {
    return await work({
      lab: opened.plan.lab,
      async sh(text, input) {
        const options = { deadlineMs: 30_000, step: text, ...(input !== undefined && { input }) };
        const { code, stdout, stderr } = await remote.exec(remote.asRoot(text), options);
        if (code === 0) return stdout;
        throw new ScriptError(`a command on the director ended with exit code ${code}`, {
          node,
          tail: lastLines(stderr || stdout),
          ...(input === undefined && { tryThis: typed({ on: node, run: text }, labArgument(opened.plan), 'lab') }),
        });
      },
    });
  } finally {
    remote.close();
  }
}
