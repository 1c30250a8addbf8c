import { performAll } from '../../../scripts/actions/perform-all.ts';
import { shardOf } from '../../../scripts/batch/jobs.ts';
import { handleSignals } from '../../../scripts/cli/signals.ts';
import { jobOf, madeIn } from '../made.ts';

// What `lab batch --shard N/M` does, with the kit without machines: task.ts FOLDER NAME,… --shard N/M
const [folder = '', names = '', , shard = ''] = process.argv.slice(2);
const [part = 0, of = 0] = shard.split('/').map(Number);
handleSignals();
const jobs = names.split(',').map((name) => jobOf(name));
await performAll(shardOf(jobs, { part, of }), madeIn(folder), 1, () => {});
