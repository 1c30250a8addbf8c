#!/usr/bin/env node
// The command line is TypeScript; tsx runs it as it is.
import { register } from 'tsx/esm/api';

// tsx inspects every module that is loaded after it, which triples the time of the large packages; they are JavaScript,
// so the commands that start or reach machines load them before.
if (['run', 'up', 'verify', 'reset'].includes(process.argv[2])) {
  await Promise.all(['execa', 'node-ssh', 'handlebars'].map((name) => import(name)));
}
register();
const { main } = await import('../scripts/lab.ts');
await main(process.argv);
// What was printed must have arrived before the exit code can be trusted.
await new Promise((resolve) => process.stdout.write('', resolve));
// Nothing that was left open, a connection or a timer, keeps a command from ending.
process.exit();
