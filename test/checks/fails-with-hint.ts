import type { ExecutionContext } from 'ava';
import type { Check } from '../../scripts/checks/check.ts';
import { hintLines } from '../../scripts/report/hint-lines.ts';
import { hintText } from './hint-text.ts';

/** A check failed, and its hint has no more than three lines on the screen. */
export function failsWithHint(t: ExecutionContext, check: Check | undefined, lab: string, wanted: RegExp): void {
  t.is(check?.ok, false, check?.id ?? 'there is no such check');
  const hint = check?.hint;
  const lines = typeof hint === 'object' ? hintLines(hint, lab, 64) : [];
  t.true(lines.length > 0 && lines.length <= 3, lines.join('\n'));
  t.true(
    lines.every((line) => line.length <= 64),
    lines.join('\n'),
  );
  t.regex(hintText(hint, lab), wanted);
}
