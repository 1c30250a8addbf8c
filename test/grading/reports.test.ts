import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inflateRawSync } from 'node:zlib';
import test from 'ava';
import fc from 'fast-check';
import { workbook } from '../../scripts/actions/class-reports.ts';
import { classroomResult } from '../../scripts/grading/classroom50.ts';
import { separated, separatedValues } from '../../scripts/grading/separated-values.ts';
import { plainWidth, widthOf } from '../../scripts/report/wrap.ts';
import { classFolder, goldenReports } from './golden.ts';
import { sample } from './sample.ts';

for (const [file, text] of Object.entries(goldenReports)) {
  test(`the report of a class: ${file}`, async (t) => {
    t.is(text, await readFile(join(classFolder, file), 'utf8'));
  });
}

test('no line of the report is wider than the screen', (t) => {
  t.deepEqual(
    goldenReports['report.txt']?.split('\n').filter((line) => widthOf(line) > plainWidth),
    [],
  );
});

test('whatever a cell says, it is read as it was written, and no spreadsheet takes it for a formula', (t) => {
  const cell = fc.oneof(
    fc.string(),
    fc.constantFrom('=1+1', '+1', '-1', '@x', '\t=1', '\r', 'a"b', 'a,b', 'a\nb', '#'),
  );
  fc.assert(
    fc.property(fc.array(fc.array(cell, { minLength: 2, maxLength: 2 }), { minLength: 1 }), (rows) => {
      const head = ['a', 'b'];
      const read = separatedValues(separated([head, ...rows])).slice(1);
      const written = rows
        .map((row) => row.map((one) => (/^[=+\-@\t\r]/.test(one) ? `'${one}` : one)))
        .filter((row) => row.some((one) => one.trim() !== '') && !row[0]?.startsWith('#'));
      const plain = (text: string) => text.replaceAll(/\r\n?/g, '\n');
      t.deepEqual(
        read.map(({ cells }) => cells),
        written.map((row) => row.map(plain)),
      );
      for (const { cells } of read) for (const one of cells) t.notRegex(one, /^[=+\-@\t\r]/);
    }),
  );
});

test('the workbook has both tables, and what looks like a formula is a text in it', async (t) => {
  const files = unzipped(await workbook(sample));
  const all = [...files.values()].join('\n');
  const sheets = [...files].filter(([name]) => /worksheets\/sheet\d+\.xml$/.test(name));
  t.is(sheets.length, 2);
  t.regex(files.get('xl/workbook.xml') ?? '', /name="Grades".*name="Tasks"/s);
  for (const text of ['Zoë Ångström-Featherstonehaugh', '=1+1', 'first-service']) t.true(all.includes(text), text);
  // A formula would be an element f (ECMA-376, 18.3.1.40).
  for (const [name, text] of sheets) t.notRegex(text, /<f[ >/]/, name);
});

/** The files of a zip archive, by its central directory (APPNOTE.TXT 4.3.12). */
function unzipped(zip: Buffer): Map<string, string> {
  const files = new Map<string, string>();
  const end = zip.lastIndexOf('PK\x05\x06', undefined, 'latin1');
  let at = zip.readUInt32LE(end + 16);
  for (let left = zip.readUInt16LE(end + 10); left > 0; left--) {
    const [method, packed] = [zip.readUInt16LE(at + 10), zip.readUInt32LE(at + 20)];
    const [name, extra, comment] = [28, 30, 32].map((offset) => zip.readUInt16LE(at + offset)) as [
      number,
      number,
      number,
    ];
    const local = zip.readUInt32LE(at + 42);
    const begin = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
    const content = zip.subarray(begin, begin + packed);
    const file = zip.toString('utf8', at + 46, at + 46 + name);
    files.set(file, (method === 8 ? inflateRawSync(content) : content).toString('utf8'));
    at += 46 + name + extra + comment;
  }
  return files;
}

test('Classroom 50 is told what its runner knows of a submission', (t) => {
  const row = sample.rows.find((one) => one.outcome === 'graded');
  if (row?.outcome !== 'graded') throw new Error('nothing is graded');
  const runner = {
    classroom: 'c',
    assignment: 'a',
    owner: 'o',
    submission: 's',
    commit: 'm',
    release: 'r',
    review: '',
  };
  const result = classroomResult(row, runner, 'now');
  t.like(result, { classroom: 'c', assignment: 'a', owner: 'o', submission: 's', commit: 'm', release: 'r' });
  t.is(result.review, 'm', 'without one of its own it is that of the commit');
  t.is(result.score, row.points);
});
