import { mkdir, mkdtemp, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import test from 'ava';
import fc from 'fast-check';
import { LineError, UsageError } from '../../scripts/errors.ts';
import type { Submission } from '../../scripts/exercise/submission.ts';
import { readRoster } from '../../scripts/grading/roster.ts';
import { submissionIn } from '../../scripts/grading/submission-schema.ts';
import { removeTree } from '../../scripts/host/files.ts';
import { writeState } from '../../scripts/host/state-file.ts';
import { readSubmission, submissionFiles } from '../../scripts/host/submission-files.ts';

const folder = await mkdtemp(join(tmpdir(), 'lab-class-'));
test.after.always(() => removeTree(folder));

const good: Submission = {
  schema: 'lvs-lab/submission/1',
  exercise: 'first-service',
  course: '',
  student: 'Ada',
  hints: { service: 1 },
  answers: { vip: ['10.0.0.1'] },
  right: ['service'],
  points: 3,
  of: 10,
  nodes: [
    {
      node: 'rs1',
      unread: ['on rs1, nft could not be read: there is no nft'],
      differences: [{ section: 'file', key: '/etc/hosts', before: 'a\n\tb', after: '\u001b[31m' }],
    },
  ],
};

test('what lab exercise submit writes is a submission', async (t) => {
  const path = join(folder, 'good.json');
  await writeState(path, good);
  const read = await readSubmission(path);
  t.deepEqual('submission' in read && read.submission, good);
  t.regex('hash' in read ? read.hash : '', /^[0-9a-f]{64}$/);
  t.regex('written' in read ? read.written : '', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
});

const many = <T>(count: number, one: T): T[] => Array.from({ length: count }, () => one);

const wrong: [title: string, change: Record<string, unknown>][] = [
  ['a name that moves the cursor', { student: 'Ada\u001b[2J' }],
  ['no name', { student: '' }],
  ['a name in another form of Unicode', { student: 'Zoe\u0308' }],
  ['a name of a hundred letters', { student: 'A'.repeat(100) }],
  ['an exercise that is a path', { exercise: '../../etc' }],
  ['hints that give points', { hints: { service: -3 } }],
  ['half a hint', { hints: { service: 0.5 } }],
  ['an answer that is a number', { answers: { vip: [10] } }],
  ['an answer of a million letters', { answers: { vip: ['x'.repeat(1e6)] } }],
  ['points that are not a number', { points: '10' }],
  ['something else in it', { run: 'rm -rf /' }],
  ['no machines', { nodes: undefined }],
  ['a machine that is a path', { nodes: [{ node: '../rs1', unread: [], differences: [] }] }],
  ['a hundred thousand machines', { nodes: many(100_000, { node: 'rs1', unread: [], differences: [] }) }],
  [
    'a fact that no shell can say',
    { nodes: [{ node: 'rs1', unread: [], differences: [{ section: 'file', key: 'x', after: '\0' }] }] },
  ],
  [
    'a section that is not a word',
    { nodes: [{ node: 'rs1', unread: [], differences: [{ section: 'a b', key: 'x', after: '' }] }] },
  ],
  [
    'a difference without a difference',
    { nodes: [{ node: 'rs1', unread: [], differences: [{ section: 'a', key: 'b' }] }] },
  ],
  ['a line that is not read with a colour', { nodes: [{ node: 'rs1', unread: ['\u001b[31m'], differences: [] }] }],
];

for (const [title, change] of wrong) {
  test(`a sealed file with ${title} is refused`, async (t) => {
    const path = join(folder, `${wrong.findIndex(([one]) => one === title)}.json`);
    const document = JSON.parse(JSON.stringify({ ...good, ...change })) as object;
    t.true('wrong' in submissionIn(document));
    await writeState(path, document);
    const read = await readSubmission(path);
    const reason = 'refused' in read ? read.refused : '';
    t.regex(reason, /^it is damaged: |too large/);
    t.notRegex(reason, /\p{Cc}/u, 'nothing of the file is printed as it is');
  });
}

test('whatever stands in a place of a submission, it is read as it is or refused with a reason', (t) => {
  const places = Object.keys(good) as (keyof Submission)[];
  fc.assert(
    fc.property(fc.constantFrom(...places), fc.jsonValue(), (place, value) => {
      const document = { ...good, [place]: value };
      const read = submissionIn(document);
      if ('submission' in read) t.deepEqual(read.submission as object, document);
      else t.regex(read.wrong, /^\P{C}+$/u);
    }),
  );
});

test('files that are no submissions are refused, each with its reason', async (t) => {
  const sealed = join(folder, 'sealed.json');
  await writeState(sealed, good);
  await writeState(join(folder, 'plan.json'), { schema: 'lvs-lab/plan/1' });
  await writeState(join(folder, 'later.json'), { ...good, schema: 'lvs-lab/submission/2' });
  const text = JSON.stringify({ ...good, $sha256: '0'.repeat(64) });
  await writeFile(join(folder, 'changed.json'), text);
  await writeFile(join(folder, 'half.json'), text.slice(0, 200));
  await writeFile(join(folder, 'text.json'), 'hello');
  await writeFile(join(folder, 'null.json'), 'null');
  await writeFile(join(folder, 'empty.json'), '');
  await writeFile(join(folder, 'large.json'), '');
  await truncate(join(folder, 'large.json'), 2 ** 30);
  const reasons = { plan: '', later: '', changed: '', half: '', text: '', null: '', empty: '', large: '', gone: '' };
  for (const name of Object.keys(reasons) as (keyof typeof reasons)[]) {
    const read = await readSubmission(join(folder, `${name}.json`));
    reasons[name] = 'refused' in read ? read.refused : '';
  }
  const none = 'it is not a submission: lab exercise submit writes one';
  t.deepEqual(reasons, {
    plan: none,
    later: 'it is of another version of lvs-lab: lvs-lab/submission/2',
    changed: 'it was changed after lab exercise submit had written it',
    half: 'it is damaged: half of it may be missing',
    text: none,
    null: none,
    empty: none,
    large: 'too large: 1 MiB at most',
    gone: 'there is no such file',
  });
});

test('all JSON files of a folder are found, and no hidden ones and no links', async (t) => {
  const all = join(folder, 'all');
  await mkdir(join(all, 'Ada_1', 'file'), { recursive: true });
  await mkdir(join(all, '.hidden'));
  for (const path of ['b.json', 'Ada_1/file/a.json', '.hidden/x.json', '.hidden.json', 'notes.txt'])
    await writeFile(join(all, path), '{}');
  await symlink('/etc/passwd', join(all, 'link.json'));
  await symlink(all, join(all, 'loop'));
  const found = await submissionFiles([all, join(all, 'b.json')]);
  t.deepEqual(found.map((path) => basename(path)).sort(), ['a.json', 'b.json']);
  await t.throwsAsync(submissionFiles([join(all, 'nothing')]), { instanceOf: UsageError, message: /no such file/ });
  await t.throwsAsync(submissionFiles([join(all, '.hidden', '..', 'Ada_1', 'none')]), { instanceOf: UsageError });
  await mkdir(join(folder, 'none'));
  await t.throwsAsync(submissionFiles([join(folder, 'none')]), { instanceOf: UsageError, message: /ends with .json/ });
});

test('a name of a file that would move the cursor is printed without what moves it', async (t) => {
  const names = ['gone\u001b[2J.json', 'gone\u009b2J.json', 'gone\u202e.json', 'gone\u2028.json'];
  for (const name of names) {
    const gone = await t.throwsAsync(submissionFiles([join(folder, name)]), { instanceOf: UsageError });
    t.regex(gone?.message ?? '', /gone\?/);
    const empty = join(folder, `empty ${name}`);
    await mkdir(empty);
    const none = await t.throwsAsync(submissionFiles([empty]), { instanceOf: UsageError });
    t.regex(none?.message ?? '', /empty gone\?/);
    const link = join(empty, 'to itself.json');
    await symlink(link, link);
    const read = await readSubmission(link);
    for (const text of [gone?.message, none?.message, 'file' in read && read.file, 'refused' in read && read.refused])
      t.notRegex(String(text), /[\p{C}\p{Zl}\p{Zp}]/u);
  }
});

test('a roster whose first line has no separator is read by the lines that have one', (t) => {
  const names = ['Ada Lovelace', 'Zo\u00eb'];
  t.deepEqual(readRoster('sep=;\r\nid;name\r\n1;Ada Lovelace\r\n2;Zo\u00eb\r\n'), names, 'a hint for spreadsheets');
  t.deepEqual(readRoster('LVS 2027\n\nid;name\n1;Ada Lovelace\n2;Zo\u00eb\n'), names, 'a title above the header');
  t.deepEqual(readRoster('student\nAda Lovelace,\nZo\u00eb,\n'), names, 'empty cells');
  for (const [text, line] of [
    ['Ada\nLovelace, Bob\nCem\n', 2],
    ['student\nAda\nLovelace; Bob\n', 3],
    ['LVS 2027\nid,mail\n1,a@b\n', 2],
    ['mail,name\na@b,Lovelace, Bob\n', 2],
  ] as const) {
    const error = t.throws(() => readRoster(text), { instanceOf: LineError, message: /^it has \d cells, and/ });
    t.is(error?.line, line, text);
  }
});

test('a roster is a name a line, or a column of CSV', (t) => {
  const names = ['Ada Lovelace', 'Zo\u00eb'];
  t.deepEqual(readRoster('Ada  Lovelace\n\n# gone: Bob\n Zoe\u0308 \nAda Lovelace\n'), names);
  t.deepEqual(readRoster('\ufeffid;name;mail\r\n1;Ada Lovelace;a\r\n2;"Zo\u00eb";z\r\n'), names);
  t.deepEqual(readRoster('username,first_name\nada,Ada\n"bob, jr",Bob\n'), ['ada', 'bob, jr']);
  t.deepEqual(readRoster('name\nAda Lovelace\nZo\u00eb'), names);
  t.deepEqual(
    readRoster('"nick, if any";name\n"a, b";Ada Lovelace\n;Zo\u00eb'),
    names,
    'a separator in quotes is none',
  );
  for (const [text, line, message] of [
    ['', 1, /no name/],
    ['id,mail\n1,x\n', 1, /no column has names/],
    ['name,mail\nAda,x\n"",y\n', 3, /is not a name/],
    ['Ada\n\u001b[31mBob\n', 2, /is not a name/],
  ] as const) {
    const error = t.throws(() => readRoster(text), { instanceOf: LineError, message });
    t.is(error?.line, line);
  }
});
