import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { listLabFiles } from '../../scripts/host/lab-files.ts';
import { projectRoot } from '../../scripts/host/paths.ts';
import { parseLab } from '../../scripts/model/parse.ts';

const head = `# The labs of the kit

Each lab is a file in [labs/](../labs). The file begins with a drawing and with what the lab teaches; this page is made from
these comments. \`npx lab run NAME\` brings a lab up and checks it, \`npx lab down NAME\` ends it. Drills, if the lab has any, are
the last checks of every \`run\` and \`verify\`. Begin with [nat](#nat), [dr](#dr) and [tun](#tun).
[schedulers.md](schedulers.md) explains the schedulers, [lab-file.md](lab-file.md) how to write a lab of your own.
`;

/** docs/labs.md: the comment at the head of every lab file. */
export async function labsPage(): Promise<string> {
  const labs = await Promise.all([...(await listLabFiles()).keys()].sort().map(readLab));
  const table = labs.map(({ name, mode, title }) => `| [\`${name}\`](#${name}) | ${mode} | ${title} |`);
  const sections = labs.map(({ name, title, comment }) => `## ${name}\n\n**${title}**\n\n${asMarkdown(comment)}`);
  return `${[head, ['| lab | method | shows |', '|---|---|---|', ...table].join('\n'), '', sections.join('\n\n')].join('\n')}\n`;
}

interface DescribedLab {
  name: string;
  mode: string;
  title: string;
  comment: string[];
}

async function readLab(name: string): Promise<DescribedLab> {
  const file = `labs/${name}.yaml`;
  const text = await readFile(join(projectRoot, file), 'utf8');
  const { lab } = parseLab(text, { name, file });
  const lines = text.split('\n');
  const end = lines.findIndex((line) => !line.startsWith('#'));
  const comment = lines.slice(0, end).filter((line) => !line.includes('yaml-language-server'));
  return { name, mode: lab.mode, title: lab.title, comment: comment.map((line) => line.replace(/^# ?/, '')) };
}

/** Paragraphs stay; indented lines, which are drawings or commands, become code. */
function asMarkdown(comment: readonly string[]): string {
  const blocks: string[][] = [];
  for (const [at, line] of comment.entries()) {
    const before = comment[at - 1];
    if (line === '') continue;
    if (before === undefined || before === '' || isIndented(before) !== isIndented(line)) blocks.push([]);
    blocks.at(-1)?.push(line);
  }
  return blocks
    .map((lines) =>
      isIndented(lines[0] ?? '') ? `\`\`\`text\n${outdented(lines.join('\n'))}\n\`\`\`` : lines.join('\n'),
    )
    .join('\n\n');
}

function isIndented(line: string): boolean {
  return line.startsWith('  ');
}

function outdented(block: string): string {
  const least = Math.min(...block.split('\n').map((line) => line.search(/\S/)));
  return block.replace(new RegExp(`^ {${least}}`, 'gm'), '');
}
