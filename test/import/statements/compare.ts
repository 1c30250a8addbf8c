import type { LabText } from '../../../scripts/import/to-lab-file.ts';
import { LabView } from './lab-view.ts';
import { type Expected, type Statement, textOf, type Wish } from './statement.ts';

/** What became of the statements of a configuration. */
export interface Comparison {
  statements: number;
  inLab: number;
  listed: number;
  /** Neither in the lab nor listed: `line: statement`. */
  lost: string[];
  /** The lab has something else, and nothing says so; or has a line that no statement caused. */
  wrong: string[];
  /** What lint says of the lab. */
  warnings: string[];
}

/** Compares a lab with what a configuration says, statement by statement, and line by line of the lab. */
export function compare({ statements, wishes, structure }: Expected, made: LabText): Comparison {
  const lab = new LabView(made.text);
  const listed = statements.filter((one) => isListed(one, made));
  const result: Comparison = {
    statements: statements.length,
    inLab: 0,
    listed: 0,
    lost: [],
    wrong: [],
    warnings: lab.warnings,
  };
  const says = (one: Statement | undefined) => one !== undefined && listed.includes(one);
  const met = wishes.map((wish) => ({ wish, equal: same(wish.has(lab), wish.want) }));
  for (const { wish, equal } of met) if (wish.leaf && (equal || says(wish.by))) lab.take(wish.leaf);
  for (const one of statements) {
    const own = met.filter(({ wish }) => wish.by === one);
    const said = listed.includes(one);
    if (own.some(({ equal }) => equal)) result.inLab++;
    else if (said) result.listed++;
    else if (structure.has(one)) result.inLab++;
    else if (own.length === 0) result.lost.push(placed(one));
    if (!said)
      for (const { wish, equal } of own)
        if (!equal && !says(wish.target) && !says(wish.server))
          result.wrong.push(`${placed(one)}: ${differs(wish, lab)}`);
  }
  for (const { wish, equal } of met)
    if (
      !wish.by &&
      !equal &&
      !says(wish.target) &&
      wish.has(lab) !== undefined &&
      !/^(health|backup)\./.test(wish.leaf ?? '')
    )
      result.wrong.push(`${differs(wish, lab)} by default`);
  result.wrong.push(...lab.unaccounted().map((one) => `${one} in the lab file comes from no statement`));
  return { ...result, wrong: [...new Set(result.wrong)] };
}

/** Whether the list of what is left names a statement: its line, and its words or its first word. */
function isListed(statement: Statement, { left }: LabText): boolean {
  const text = textOf(statement);
  const [first = ''] = statement.words;
  return left.some(
    (one) =>
      statement.lines.includes(one.line) &&
      (statement.command || one.statement === text || one.statement.split(/[\s=]/)[0] === first.split('=')[0]),
  );
}

function same(has: unknown, want: unknown): boolean {
  return has === want || String(has) === String(want);
}

function placed(statement: Statement): string {
  return `${statement.lines.join('+')}: ${textOf(statement)}`;
}

function differs({ what, want, has }: Wish, lab: LabView): string {
  return `${what} is ${String(want)}, the lab has ${String(has(lab))}`;
}
