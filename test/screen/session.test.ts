import test from 'ava';
import { castText, readCast, withoutWaits } from './cast.ts';
import { framesOf } from './frames.ts';

const cast = {
  columns: 30,
  rows: 3,
  events: [
    { at: 0, output: '\u001b[1m$ lab run dr\u001b[22m\r\n' },
    { at: 1, output: '\r\u001b[K\u001b[2m  … machines\u001b[22m' },
    { at: 9, output: '\r\u001b[K  \u001b[32m✓\u001b[39m machines  a < b\r\n' },
    { at: 9.01, output: 'one\r\ntwo' },
  ],
};

test('a recording is read as it was written', (t) => {
  t.deepEqual(readCast(castText(cast)), cast);
});

test('waits are shortened, and what comes behind them moves up', (t) => {
  t.deepEqual(
    withoutWaits(cast, 2).events.map(({ at }) => Math.round(at * 100) / 100),
    [0, 1, 3, 3.01],
  );
});

test('frames show what a terminal shows: styles, lines that are written again, a screen that moves up', async (t) => {
  const frames = await framesOf(cast, 0.1);
  t.deepEqual(frames, [
    { at: 0, rows: [[{ column: 0, classes: 'bold', text: '$ lab run dr' }], [], []] },
    {
      at: 1,
      rows: [
        [{ column: 0, classes: 'bold', text: '$ lab run dr' }],
        [{ column: 2, classes: 'dim', text: '… machines' }],
        [],
      ],
    },
    {
      at: 9.01,
      rows: [
        [
          { column: 2, classes: 'green', text: '✓' },
          { column: 4, classes: '', text: 'machines' },
          { column: 14, classes: '', text: 'a < b' },
        ],
        [{ column: 0, classes: '', text: 'one' }],
        [{ column: 0, classes: '', text: 'two' }],
      ],
    },
  ]);
});
