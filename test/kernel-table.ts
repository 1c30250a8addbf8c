import { parseArgs } from 'node:util';
import { columns } from '../scripts/report/columns.ts';
import { secondsSince } from '../scripts/report/events.ts';
import { print, say } from '../scripts/report/output.ts';
import { cellsOf, failuresOf, head, type Row, record } from './kernels/row.ts';
import { fetchedSelftest, selftestIn } from './kernels/selftest.ts';
import { tryKernel } from './kernels/try-kernel.ts';

// npm run test:kernels -- [KERNEL…]: on each kernel the checks of the three methods, every scenario of every scheduler, and the
// kernel's own test of IPVS, which comes from Debian's source of 6.12, or with --tree FOLDER from a kernel's tree. --record keeps
// what was seen for docs/kernels.md. What Debian's archive has no more is said in the table.

/** A kernel of each series that Debian has had since 5.10, and two of 6.12 between which the load formula changed. */
const series = ['5.10', '6.1', '6.12.90', '6.12.117', '6.16', '6.17', '6.18', '6.19', '7.0', '7.1', '7.2', '7.3'];

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { tree: { type: 'string' }, record: { type: 'boolean', default: false } },
});
const selftest = values.tree === undefined ? await fetchedSelftest('6.12') : await selftestIn(values.tree);
const rows: Row[] = [];
for (const kernel of positionals.length > 0 ? positionals : series) {
  const start = performance.now();
  const row = await tryKernel(kernel, selftest);
  rows.push(row);
  say(columns([[...cellsOf(row), `${Math.round(secondsSince(start))} s`]], { width: 200 }));
  // At once, because such runs are often interrupted.
  if (values.record) await record(row);
}
const failures = rows.flatMap(failuresOf);
print(columns([head, ...rows.map(cellsOf)], { width: 160 }));
for (const line of failures) print(`✗ ${line}`);
print(
  `${rows.filter(({ name }) => name !== null).length} of ${rows.length} kernels tried, ${failures.length} failures`,
);
process.exitCode = failures.length > 0 ? 1 : 0;
