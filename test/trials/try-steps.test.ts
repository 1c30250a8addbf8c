import test from 'ava';
import { parse } from 'yaml';
import { ConnectionError, InterruptedError, ScriptError } from '../../scripts/errors.ts';
import { type Step, stepsOf } from '../../scripts/experiment/experiment.ts';
import { isMet, roundOf } from '../../scripts/experiment/trial.ts';
import type { Bench } from '../../scripts/trials/bench.ts';
import { trySteps } from '../../scripts/trials/try-steps.ts';
import { standIn } from './stand-in.ts';

const steps = (yaml: string): Step[] => stepsOf(parse(yaml), ['steps']);

const told: string[] = [];
const run = (bench: Bench, yaml: string) => trySteps(bench, steps(yaml), (text) => told.push(text));

test('each step is watched before it is done, settled before it is judged, and all is undone at the end', async (t) => {
  const { bench, log } = standIn({ done: () => ({ answers: [{ server: 'rs1', answered: true }] }) });
  const trial = await run(
    bench,
    '[{ name: ask, send: {}, see: [{ answers: { server: rs1 } }, { packets: {}, count: 0 }] }, { reset: rs1 }]',
  );
  t.deepEqual(log, ['watch answers packets', 'send', 'settle', 'end', 'watch', 'reset', 'settle', 'end', 'undo']);
  t.true(isMet(trial));
  t.deepEqual(
    trial.steps.map(({ title, deed }) => [title, deed]),
    [
      ['ask', '1 request'],
      ['replace rs1', 'replace rs1'],
    ],
  );
  t.true(told.some((text) => text === 'step 1 of 2: ask'));
});

test('a wait looks again until all is there, and gives up when waiting makes no sense', async (t) => {
  const yaml = '[{ wait: 9, see: [{ servers: { weight: 0 } }] }]';
  const comes = standIn({ looks: { servers: [[], [{ weight: 1 }], [{ weight: 0 }]] } });
  t.true(isMet(await run(comes.bench, yaml)));
  const never = standIn({ looks: { servers: [[{ weight: 1 }]] } });
  const trial = await run(never.bench, yaml);
  t.false(isMet(trial));
  t.is(trial.steps[0]?.expectations[0]?.seen, 'none such; 1 entry of the table: weight 1');
});

test('a wait of a bug ends with what is wrong or with what is right', async (t) => {
  const yaml = '[{ wait: 9, wrong: [{ servers: { weight: 1 } }], right: [{ servers: { weight: 0 } }] }]';
  t.is(roundOf(await run(standIn({ looks: { servers: [[], [{ weight: 1 }]] } }).bench, yaml)), 'hit');
  t.is(roundOf(await run(standIn({ looks: { servers: [[], [{ weight: 0 }]] } }).bench, yaml)), 'clean');
  t.is(roundOf(await run(standIn({ looks: { servers: [[{ weight: 7 }]] } }).bench, yaml)), 'unclear');
});

test('a command may fail where something is expected of its end', async (t) => {
  const { bench, log } = standIn({ done: () => ({ command: { exit: 1, prints: 'lost\n' } }) });
  const trial = await run(
    bench,
    '[{ run: { on: rs1, command: "false" }, see: [{ command: { exit: 1, prints: /lost/ } }] }]',
  );
  t.true(isMet(trial));
  t.true(log.includes('run may fail'));
  const { bench: strict, log: other } = standIn();
  await run(strict, '[{ run: { on: rs1, command: "true" }, see: [{ command: { on: rs2, run: "true" }, count: 0 }] }]');
  t.true(other.includes('run'));
});

test('a step that cannot be done ends the trial, and what was changed is undone', async (t) => {
  const error = new ScriptError('a command ended with exit code 1');
  const { bench, log } = standIn({
    done: (deed) => {
      if (deed.verb === 'reset') throw error;
      return {};
    },
  });
  t.is(await t.throwsAsync(run(bench, '[{ send: {} }, { reset: rs1 }, { send: {} }]')), error);
  t.deepEqual(log.slice(-3), ['reset', 'end', 'undo']);
});

test('a kernel that died while a step was done is what is looked for; Ctrl-C is not', async (t) => {
  const died = (error: Error) =>
    standIn({
      complaints: ['Oops: 0000 [#1]'],
      done: (deed) => {
        if (deed.verb === 'run') throw error;
        return {};
      },
    });
  const yaml = '[{ send: {} }, { run: { on: director, command: "true" } }]';
  const trial = await run(died(new ConnectionError('connection lost')).bench, yaml);
  t.is(roundOf(trial), 'hit');
  t.is(trial.steps.length, 1);
  const { bench, log } = died(new InterruptedError('interrupted'));
  await t.throwsAsync(run(bench, yaml), { instanceOf: InterruptedError });
  t.is(log.at(-1), 'undo');
});
