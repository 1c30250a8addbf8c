import { join } from 'node:path';
import { nfsPace, performOnSlurm } from '../../../scripts/actions/queue-jobs.ts';
import { reportError } from '../../../scripts/cli/report-error.ts';
import { handleSignals } from '../../../scripts/cli/signals.ts';
import { projectRoot } from '../../../scripts/host/paths.ts';
import { print } from '../../../scripts/report/output.ts';
import { display } from '../../../scripts/report/sinks.ts';
import { jobOf, madeIn } from '../made.ts';

// What `lab batch --on slurm` does, with the kit without machines: submit.ts FOLDER NAME,…
const [folder = '', names = ''] = process.argv.slice(2);
handleSignals();
const { results } = madeIn(folder);
const task = join(projectRoot, 'test/batch/slurm/task.ts');
const command = [process.execPath, '--import=tsx', task, folder, names];
const how = { results, command, retries: 1, width: undefined, pace: nfsPace };
const jobs = names.split(',').map((name) => jobOf(name));
try {
  const ended = await performOnSlurm(jobs, how, display('normal').emit);
  print(JSON.stringify(ended.map(({ job, result: { code, tries, host } }) => ({ what: job.what, code, tries, host }))));
  process.exit();
} catch (error) {
  process.exit(reportError(error, false));
}
