import test from 'ava';
import { columns, rowTexts } from '../../scripts/report/columns.ts';
import { sequence } from '../../scripts/report/sequence.ts';
import { wrapLines, wrapped } from '../../scripts/report/wrap.ts';

const red = (text: string) => `\u001b[31m${text}\u001b[39m`;

test('columns line up, colours or not', (t) => {
  const rows = [
    ['a', 'b'],
    [red('longer'), 'c'],
    ['ä', 'd'],
  ];
  t.is(columns(rows, { indent: '' }), `a       b\n${red('longer')}  c\nä       d`);
});

test('where the screen is too narrow, the widest column breaks its cells between words', (t) => {
  const rows = [
    ['x', 'one two three four', 'end'],
    ['y', 'five', 'end'],
  ];
  t.deepEqual(
    rowTexts(rows, (row) => row, { width: 20 }).map(({ text }) => text),
    ['  x  one two     end\n     three four', '  y  five        end'],
  );
  t.is(columns(rows, { width: 100 }).split('\n').length, 2);
});

test('a word that is wider than its column is cut, where nothing else helps', (t) => {
  t.is(columns([['name', 'aaaaaaaaaaaaaaa']], { width: 14 }), '  name  aaaaaa\n        aaaaaa\n        aaa');
});

test('a colour ends with its line and begins again in the next', (t) => {
  t.deepEqual(wrapped(`${red('one two')} three`, 7), [red('one two'), 'three']);
  t.deepEqual(wrapped(red('one two three'), 7), [red('one two'), red('three')]);
});

test('a message goes on below, further in; a no-break space holds words together', (t) => {
  t.is(wrapLines('short\n  one two three', 11), 'short\n  one two\n    three');
  t.is(wrapLines('one two\u00a0three', 10), 'one\n  two three');
});

test('a sequence has twelve cells a line, or as many as fit', (t) => {
  const cells = (text: string) => Array.from({ length: 14 }, () => text);
  const lines = (text: string, width: number) => sequence([{ label: 'answer', cells: cells(text) }], width).split('\n');
  t.deepEqual(
    lines('rs1', 80).map((line) => line.match(/rs1/g)?.length),
    [12, 2],
  );
  t.deepEqual(
    lines('director', 50).map((line) => line.match(/director/g)?.length),
    [4, 4, 4, 2],
  );
  t.is(lines('a-name-that-is-wider-than-the-screen', 20).length > 14, true);
});

test('the cells of a sequence are all as wide as its widest one', (t) => {
  const rows = [
    { label: 'connection', cells: ['1', '2', '10'] },
    { label: 'predicted', cells: ['✗', red('✗'), 'rs1'] },
  ];
  t.is(sequence(rows, 80), `  connection  1    2    10\n  predicted   ✗    ${red('✗')}    rs1`);
});
