/** What a variable is known to be; a variable that nobody has set has no entry. */
export type Variables = ReadonlyMap<string, string>;

export interface Expanded {
  words: string[];
  /** The first part that only a running shell knows: a command, an argument, a variable that nothing sets. */
  unknown: string | undefined;
  /** Variables in it. */
  used: string[];
}

const parts =
  /'([^']*)'?|"((?:\\.|[^"\\])*)"?|\$\((?:[^()]|\([^()]*\))*\)?|`[^`]*`?|\$\{([^}]*)\}?|\$(\w+|[@*#?$!-])|\\(.)|([^'"$`\\]+|.)/gs;

/** A word as a shell would have it: quotes are taken off, variables are put in and split at blanks. */
export function expanded(raw: string, variables: Variables): Expanded {
  const result: Expanded = { words: [''], unknown: undefined, used: [] };
  const add = (text: string) => {
    result.words.push(`${result.words.pop() ?? ''}${text}`);
  };
  let quoted = false;
  for (const match of raw.matchAll(parts)) {
    const [whole, single, double, braced, plain, escaped, literal] = match;
    if (single !== undefined) add(single);
    else if (double !== undefined) add(inQuotes(double, variables, result));
    else if (escaped !== undefined) add(escaped);
    else if (literal !== undefined) add(literal);
    else {
      const value = valueIn(whole, braced ?? plain, variables, result);
      const [first = '', ...others] = value.split(/\s+/);
      add(first);
      for (const one of others) result.words.push(one);
      continue;
    }
    quoted ||= single !== undefined || double !== undefined;
  }
  return { ...result, words: result.words.filter((one) => one !== '' || quoted) };
}

function inQuotes(text: string, variables: Variables, result: Expanded): string {
  return text.replace(
    /\\(["$`\\])|\$\((?:[^()]|\([^()]*\))*\)?|`[^`]*`?|\$\{([^}]*)\}?|\$(\w+|[@*#?$!-])/gs,
    (whole, escaped, braced, plain) => escaped ?? valueIn(whole, braced ?? plain, variables, result),
  );
}

function valueIn(whole: string, inside: string | undefined, variables: Variables, result: Expanded): string {
  const [, name = '', , otherwise] = /^([A-Za-z_]\w*)(:?-(.*))?$/s.exec(inside ?? '') ?? [];
  const value = name ? (variables.get(name) ?? otherwise) : undefined;
  if (name) result.used.push(name);
  if (value === undefined) result.unknown ??= whole;
  return value ?? whole;
}
