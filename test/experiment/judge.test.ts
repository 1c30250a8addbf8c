import test from 'ava';
import { judge } from '../../scripts/experiment/judge.ts';
import type { Row } from '../../scripts/experiment/kinds.ts';
import { fits, numberMistake, textMistake } from '../../scripts/experiment/matcher.ts';
import { expecting } from './made.ts';

const answers: Row[] = [
  { server: 'rs2', answered: true, status: 200, port: 20001 },
  { server: 'rs1', answered: true, status: 200, port: 20002 },
  { server: undefined, answered: false, status: 0, error: 'Connection refused', port: 20003 },
];

const told = (yaml: string, rows = answers) => {
  const { met, expected, seen } = judge(expecting(yaml), rows);
  return `${met ? 'met' : 'not met'}: ${expected} / ${seen}`;
};

test('a value fits itself, a relation, a range, a pattern, or one of a list', (t) => {
  const cases: [matcher: Parameters<typeof fits>[0], seen: Parameters<typeof fits>[1], expected: boolean][] = [
    [3, 3, true],
    [3, 4, false],
    ['3', 3, true],
    ['> 3', 4, true],
    ['> 3', 3, false],
    ['>= 3', 3, true],
    ['< 0.5', 0.4, true],
    ['!= 3', 3, false],
    ['!= 3', 4, true],
    ['3..5', 5, true],
    ['3..5', 6, false],
    ['> 3', 'rs4', false],
    ['rs1', 'rs1', true],
    ['rs1', 'rs10', false],
    ['!= rs1', 'rs2', true],
    ['!= /^rs/', 'rs2', false],
    ['/REFUSED/i', 'Connection refused', true],
    ['/^second$/', 'first\nsecond', true],
    [['rs1', 'rs2'], 'rs2', true],
    [true, true, true],
    [true, 'true', false],
    ['rs1', undefined, false],
    ['!= rs1', undefined, false],
    ['client', ['192.168.1.100', 'client'], true],
    ['!= client', ['192.168.1.100', 'client'], false],
    ['!= rs1', ['192.168.1.100', 'client'], true],
  ];
  for (const [matcher, seen, expected] of cases) t.is(fits(matcher, seen), expected, `${matcher} ${seen}`);
});

test('a relation without a number and a pattern that cannot be read are mistakes', (t) => {
  for (const good of ['> 3', '>=0', '!= 3', '3..5', '< 0.5']) t.is(numberMistake(good), undefined, good);
  for (const bad of ['many', '> many', '3', '', '..5']) t.truthy(numberMistake(bad), bad);
  for (const good of ['rs1', '/rs[12]/', '!= /x/i', '/home/x/', 'a/b']) t.is(textMistake(good), undefined, good);
  t.regex(textMistake('/(/') ?? '', /not a pattern/);
});

test('what was expected and what was seen are told in words, by the fields that count', (t) => {
  t.is(told('answers: { server: rs2 }'), 'met: at least one answer with server rs2 / 1 answer: server rs2');
  t.is(
    told('{ answers: { answered: false }, count: 0 }'),
    'not met: no answer with answered false / 1 answer: answered false',
  );
  t.is(
    told('{ answers: { server: rs3 }, count: "> 1" }'),
    'not met: > 1 answers with server rs3 / none such; 3 answers: server rs2; server rs1; server none',
  );
  t.is(told('answers: {}', []), 'not met: at least one answer / no answer');
  t.is(told('{ answers: {}, count: 0 }', []), 'met: no answer / no answer');
});

test('an order is that of the records that count, all of them', (t) => {
  t.regex(
    told('{ answers: { answered: true }, order: { server: [rs2, rs1] } }'),
    /^met: .*in the order server rs2 rs1/,
  );
  t.regex(told('{ answers: { answered: true }, order: { server: [rs1, rs2] } }'), /^not met/);
  t.regex(told('{ answers: { answered: true }, order: { server: [rs2] } }'), /^not met/);
});

test('the end of a command and the time of a step are one record', (t) => {
  t.is(
    told('command: { exit: 0, prints: /none/ }', [{ exit: 1, prints: 'x\n  y' }]),
    'not met: exit 0, prints /none/ / exit 1, prints x y',
  );
  t.is(told('command: { on: rs1, run: ss -s, exit: 0 }', [{ exit: 0 }]), 'met: ss -s on rs1: exit 0 / exit 0');
  t.is(told('time: { seconds: "< 5" }', [{ seconds: 3 }]), 'met: seconds < 5 / seconds 3');
});

test('a result keeps the rows that count, twenty at most', (t) => {
  const many = Array.from({ length: 30 }, (_, at): Row => ({ server: 'rs1', port: at }));
  t.is(judge(expecting('answers: { server: rs1 }'), many).rows.length, 20);
  t.deepEqual(judge(expecting('answers: { port: 7 }'), many).rows, [{ server: 'rs1', port: 7 }]);
});
