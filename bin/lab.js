#!/usr/bin/env node
// The command line is TypeScript; tsx runs it as it is.
import { register } from 'tsx/esm/api';

register();
const { main } = await import('../scripts/lab.ts');
await main(process.argv);
// What was printed must have arrived before the exit code can be trusted.
await new Promise((resolve) => process.stdout.write('', resolve));
// Nothing that was left open, a connection or a timer, keeps a command from ending.
process.exit();
