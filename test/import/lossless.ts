/** A word of a configuration, and where it is. */
interface Word {
  line: number;
  at: number;
  length: number;
  text: string;
}

/** What a word is replaced by: nothing that any configuration knows. */
const strange = 'zzz7';

/** Words that are no statements: braces, comments, headings and counters of a listing, the words of a shell. */
const empty =
  /^([{}\\]|->|\$?\{?|Prot|LocalAddress.*|Scheduler|Flags|RemoteAddress.*|Forward|Weight|ActiveConn|InActConn)$/;

/** The words of a configuration without comments, by a simpler rule than that of any reader. */
function wordsOf(text: string): Word[] {
  let begin = 0;
  return text.split('\n').flatMap((raw, index) => {
    const line = raw.replace(/(^|[ \t])[#!].*$/, '');
    const words = [...line.matchAll(/[^\s"';]+/g)].map((match) => {
      return { line: index + 1, at: begin + match.index, length: match[0].length, text: match[0] };
    });
    begin += raw.length + 1;
    return words;
  });
}

/**
 * Words whose change changes nothing that a person sees: neither the lab, nor what is listed beside it. Each is a silent loss.
 * @param imported what a person sees of a text
 * @param every try each so manieth word alone
 */
export function silentWords(
  text: string,
  imported: (text: string) => string,
  every = 1,
): { words: number; silent: Word[] } {
  const before = imported(text);
  const words = wordsOf(text).filter((one, at) => !empty.test(one.text) && at % every === 0);
  const silent = words.filter(
    ({ at, length }) => imported(text.slice(0, at) + strange + text.slice(at + length)) === before,
  );
  return { words: words.length, silent };
}

/** Lines after which a strange statement is not named by its line. */
export function unnamedStatements(text: string, statement: string, imported: (text: string) => string): number[] {
  const lines = text.split('\n');
  return lines.flatMap((_, at) => {
    const seen = imported([...lines.slice(0, at), statement, ...lines.slice(at)].join('\n'));
    return seen.includes(strangeWord(statement)) ? [] : [at + 1];
  });
}

function strangeWord(statement: string): string {
  return statement.trim().split(/[\s=]/)[0] ?? '';
}
