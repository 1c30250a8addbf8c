import { LabError } from '../../scripts/errors.ts';
import { errorText } from '../../scripts/report/error-text.ts';
import { print, say } from '../../scripts/report/output.ts';
import { against } from './against.ts';
import { alone } from './alone.ts';
import { parse, type Wish } from './arguments.ts';
import { firstOutput } from './first-output.ts';
import { endInOrder, interrupted } from './interrupt.ts';
import { Failed } from './side.ts';
import { vagrant } from './vagrant.ts';

// npm run bench: docs/benchmarks.md.
const modes: Record<Wish['mode'], (wish: Wish) => Promise<number>> = {
  alone,
  against,
  vagrant,
  'first-output': firstOutput,
};
const wish = parse(process.argv.slice(2), process.env);
if ('text' in wish) {
  if (wish.code === 0) print(wish.text);
  else say(wish.text);
  process.exit(wish.code);
}
endInOrder();
process.exit(await modes[wish.mode](wish).catch(exitCodeOf));

function exitCodeOf(error: unknown): number {
  if (interrupted.aborted) return 130;
  if (error instanceof LabError) {
    say(errorText(error));
    return error.exitCode;
  }
  if (!(error instanceof Failed)) throw error;
  say(`✘ ${error.message}`);
  return 1;
}
