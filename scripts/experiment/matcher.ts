/** One value of an expectation, as it is written: a value, a relation, a range, a pattern, or a list of these of which one must fit. */
export type Matcher = string | number | boolean | readonly (string | number | boolean)[];

type Value = string | number | boolean;
type Test = (value: Value) => boolean;

const relation = /^(!=|<=|>=|<|>)\s*(.+)$/s;
const range = /^(-?[\d.]+)\.\.(-?[\d.]+)$/;
const pattern = /^\/(.*)\/([i]?)$/s;

const numeric: Record<string, (value: number, bound: number) => boolean> = {
  '<': (value, bound) => value < bound,
  '<=': (value, bound) => value <= bound,
  '>': (value, bound) => value > bound,
  '>=': (value, bound) => value >= bound,
};

/** Whether something that was seen fits. Of a thing with several names one must; for `!=` none may. What is not there fits nothing. */
export function fits(matcher: Matcher, seen: Value | readonly string[] | undefined): boolean {
  if (seen === undefined) return false;
  const names: readonly Value[] = typeof seen === 'object' ? seen : [seen];
  if (typeof matcher === 'object') return matcher.some((one) => fits(one, seen));
  const [, sign, rest = ''] = (typeof matcher === 'string' && relation.exec(matcher)) || [];
  if (sign === '!=') return names.length > 0 && !names.some(testOf(rest));
  return names.some(testOf(matcher));
}

function testOf(matcher: Value): Test {
  if (typeof matcher !== 'string') return (value) => value === matcher;
  const [, sign = '', bound] = relation.exec(matcher) ?? [];
  const compare = numeric[sign];
  if (compare) return (value) => typeof value === 'number' && compare(value, Number(bound));
  const [, least, most] = range.exec(matcher) ?? [];
  if (least !== undefined)
    return (value) => (typeof value === 'number' ? value >= Number(least) && value <= Number(most) : value === matcher);
  const [, source, flags = ''] = pattern.exec(matcher) ?? [];
  if (source !== undefined) {
    const expression = new RegExp(source, `${flags}m`);
    return (value) => expression.test(String(value));
  }
  return (value) => String(value) === matcher;
}

/** What is wrong with a matcher of a number; undefined for a good one. */
export function numberMistake(text: string): string | undefined {
  const [, sign, rest = ''] = relation.exec(text) ?? [];
  const bound = sign ? rest : text;
  if (range.test(text) || (bound.trim() !== '' && Number.isFinite(Number(bound)) && sign)) return undefined;
  return 'neither a number nor a relation; something like 3, "> 3", "!= 3" or 3..5';
}

/** The same of a text. */
export function textMistake(text: string): string | undefined {
  const [, , rest = text] = /^(!=)\s*(.+)$/s.exec(text) ?? [];
  const [, source, flags = ''] = pattern.exec(rest) ?? [];
  if (source === undefined) return undefined;
  try {
    new RegExp(source, `${flags}m`);
    return undefined;
  } catch (error) {
    return `not a pattern: ${(error as Error).message.replace(/^.*: /s, '').toLowerCase()}`;
  }
}

/** `rs1`, `more than 3`, `3 to 5`, `like /lost/`, `rs1 or rs2`. */
export function matcherWords(matcher: Matcher): string {
  if (typeof matcher === 'object') return matcher.map(matcherWords).join(' or ');
  if (typeof matcher !== 'string') return String(matcher);
  const [, sign, rest = ''] = relation.exec(matcher) ?? [];
  if (sign === '!=') return `not ${matcherWords(rest)}`;
  if (sign) return `${sign} ${rest}`;
  const [, least, most] = range.exec(matcher) ?? [];
  return least === undefined ? matcher : `${least} to ${most}`;
}
