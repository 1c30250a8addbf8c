/** A word of a shell script with its quotes, an operator, or the end of a line. */
export interface Token {
  kind: 'word' | 'operator' | 'end';
  text: string;
  line: number;
}

/** The parts of a word: quoted, a variable or command in braces or brackets, escaped, or plain. */
const part = String.raw`'[^']*'?|"(?:\\.|[^"\\])*"?|\$\((?:[^()]|\([^()]*\))*\)?|\$\{[^}]*\}?|${'`'}[^${'`'}]*${'`'}?|\\.|[^\s;&|<>()'"\\]`;

const token = new RegExp(
  String.raw`(?<blank>(?:[ \t\r]|\\\r?\n)+)|(?<comment>#.*)|(?<end>\n)|(?<operator>\d*(?:>>|<<-?|[<>]&?)|;;|&&|\|\||[;&|()])|(?<word>(?:${part})+)|(?<rest>[\s\S])`,
  'gs',
);

/** Takes a shell script apart. A # begins a comment only where a word could begin. */
export function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  let line = 1;
  const pattern = new RegExp(token.source.replace('#.*', '#[^\\n]*'), 'gs');
  for (const { 0: whole, groups = {} } of text.matchAll(pattern)) {
    const { end, operator, word, rest } = groups;
    if (end) tokens.push({ kind: 'end', text: '\n', line });
    else if (operator) tokens.push({ kind: 'operator', text: operator, line });
    else if (word ?? rest) tokens.push({ kind: 'word', text: word ?? rest ?? '', line });
    line += whole.split('\n').length - 1;
  }
  return tokens;
}
