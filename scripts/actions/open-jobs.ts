import { createHash } from 'node:crypto';
import { basename, dirname, resolve } from 'node:path';
import type { Batch } from '../batch/batch.ts';
import { type Job, sameJob } from '../batch/jobs.ts';
import { type Needs, needsOf } from '../batch/needs.ts';
import type { JobVerb } from '../batch/schema.ts';
import { LabFileError, type Problem, UnreadableLabFileError, UsageError } from '../errors.ts';
import { readExperiment } from '../experiment/read.ts';
import { readExperimentFile } from '../host/experiment-files.ts';
import { fileMarks } from '../host/file-marks.ts';
import { isPath } from '../host/lab-files.ts';
import { version } from '../host/version.ts';
import type { Plan } from '../plan/plan.ts';
import type { ProviderName } from '../providers/index.ts';
import type { Emit } from '../report/events.ts';
import { openBug } from './look-for-bug.ts';
import { openLab } from './open-lab.ts';
import { openVariant } from './open-variant.ts';

/** A job that can be done. */
export interface OpenedJob extends Job {
  /**
   * Names its folder. Another file, lab, provider, kernel or module of one's own, or version of the kit makes another id, so that no old
   * result counts for it.
   */
  id: string;
  /** The lab that it brings up. */
  lab: string;
  /** Its command, without options that all jobs have. */
  words: string[];
  needs: Needs;
}

/** What jobs do that differ in kernel and round alone. */
interface Target {
  /** What names it on a command line in any folder. */
  argument: string;
  plan: Plan;
  /** Times that its lab is brought up at most. */
  rounds: number;
  /** Whatever decides how it ends, beside the plan. */
  text: string;
  /** Kernels and modules of one's own: the plan has only their paths. */
  files: string[];
}

/**
 * Reads and plans what the jobs need, so that a mistake is told before any machine starts.
 * @param file of the batch: paths are relative to its folder
 * @param provider that was chosen; undefined for the one of each lab
 * @throws LabFileError with the lines of the batch, for what is not there, or with those of a file that is wrong
 */
export async function openJobs(
  { jobs, lines }: Batch,
  file: string,
  provider: ProviderName | undefined,
  emit: Emit,
): Promise<OpenedJob[]> {
  const targets = new Map<string, Target>();
  const problems: Problem[] = [];
  const each = new Map(jobs.map((job) => [targetKey(job), job]));
  for (const [key, { verb, what, item }] of each) {
    try {
      const target = await open[verb](isPath(what) ? resolve(dirname(file), what) : what, emit);
      targets.set(key, { ...target, files: await filesOf(target.plan) });
    } catch (error) {
      if (!(error instanceof UsageError || error instanceof UnreadableLabFileError)) throw error;
      problems.push({
        line: lines[item] ?? 1,
        path: `jobs[${item}].${verb}`,
        what: error.message,
        fix: error instanceof UsageError ? `${error.facts.tryThis} shows what there is` : undefined,
      });
    }
  }
  if (problems.length > 0) throw new LabFileError(file, problems);
  return jobs.map((job) => openedJob(job, targets.get(targetKey(job)) as Target, provider));
}

const targetKey = ({ verb, what }: Job) => `${verb} ${what}`;

const open: Record<JobVerb, (argument: string, emit: Emit) => Promise<Omit<Target, 'files'>>> = {
  async run(argument, emit) {
    const { plan } = await openLab(argument, {}, emit);
    return { argument, plan, rounds: 1, text: '' };
  },
  async try(argument, emit) {
    const { name, file, text } = await readExperimentFile(argument);
    const { data, source } = readExperiment(text, { name, file });
    const { plan } = await openVariant({ name, lab: data.lab, source, file }, data.variant, {}, emit);
    return { argument, plan, rounds: 1, text };
  },
  async bug(argument, emit) {
    const { bug, toOpen } = await openBug(argument);
    const { plan } = await openVariant(toOpen, bug.variant, {}, emit);
    return { argument, plan, rounds: bug.repeats.rounds, text: JSON.stringify(bug) };
  },
};

async function filesOf({ kernel, nodes }: Plan): Promise<string[]> {
  const kernels = [kernel, ...nodes.map((node) => node.kernel ?? '')];
  const paths = kernels.flatMap((one) => (typeof one === 'string' ? [] : [one.image, one.modules]));
  const modules = nodes.flatMap(({ module }) => (module === undefined ? [] : [dirname(module)]));
  return (await Promise.all([...new Set([...paths, ...modules])].map(fileMarks))).flat();
}

function openedJob(
  job: Job,
  { argument, plan, rounds, text, files }: Target,
  provider: ProviderName | undefined,
): OpenedJob {
  const { verb, what, kernel, round } = job;
  const words = [verb, argument, ...(kernel === null ? [] : ['--kernel', kernel])];
  const content = JSON.stringify([version(), sameJob(job), provider ?? null, plan, text, files]);
  const hash = createHash('sha256').update(content).digest('hex').slice(0, 10);
  const name = basename(what).replace(/\.\w+$/, '');
  const id = [verb, name, ...(kernel === null ? [] : [kernel]), round, hash].join('-');
  return { ...job, id, lab: plan.lab, words, needs: needsOf(plan, rounds) };
}
