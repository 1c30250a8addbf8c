import { stringify } from 'yaml';
import type { ChosenKernels } from '../model/kernels.ts';
import type { Bug } from './bug.ts';
import { merged } from './compose.ts';
import type { LabMap } from './experiment.ts';
import { type BugVerdict, hitsOf, type NodeKernel, type Round, type Trial, type TriedStep } from './trial.ts';

/** A package of Debian, and the hash that its archive has signed. */
export interface HashedPackage {
  name: string;
  sha256: string;
}

/** Everything that a bug report is made of. */
export interface Reported {
  bug: Pick<Bug, 'id' | 'title' | 'symptom' | 'references'>;
  /** The bug’s file with the lab inside. */
  file: string;
  mended: boolean;
  verdict: BugVerdict;
  rounds: readonly { round: Round; trial: Trial }[];
  /** The round that decides. */
  shown: Trial;
  /** Packages of kernels from the archive, by the name of the kernel. */
  packages: ReadonlyMap<string, readonly HashedPackage[]>;
  /** The kit’s version, and the provider. */
  made: { version: string; provider: string; at: string };
}

/** The bug’s file as it can be taken elsewhere: the lab is inside, and kernels that were chosen are in it. */
export function portableFile(file: LabMap, lab: LabMap, kernel: ChosenKernels | undefined): string {
  const nodes = kernel?.nodes ?? {};
  const chosen = {
    ...(kernel?.all !== undefined && { kernel: kernel.all }),
    ...(Object.keys(nodes).length > 0 && { change: { kernels: nodes } }),
  };
  return stringify(merged({ ...file, lab }, chosen), { lineWidth: 120 });
}

/** A bug report: Markdown, in which `lab bug FILE` finds the bug’s file again. */
export function bugReport(report: Reported, path: string): string {
  const { bug, file, mended, verdict, rounds, shown, made } = report;
  const hits = hitsOf(rounds.map(({ round }) => round));
  return [
    `# ${bug.title}`,
    '',
    bug.symptom.trim(),
    '',
    `**${verdict}**${mended ? ', with what mends it' : ''}: ${hits} of ${rounds.length} rounds hit.`,
    '',
    ...bug.references.map((one) => `- ${one}`),
    '',
    '## Kernels',
    '',
    ...kernelLines(shown.kernels, report.packages),
    '',
    '## What was done, and what was seen',
    '',
    ...shown.steps.flatMap(stepLines),
    ...complaintLines(shown),
    '## Results',
    '',
    '```text',
    ...ktap(bug.id, shown, verdict),
    '```',
    '',
    ...consoleLines(shown),
    '## Do it again',
    '',
    `    npx lab bug ${path}${mended ? ' --mended' : ''}`,
    '',
    `This file has all that it takes. It was made by lvs-lab ${made.version} on ${made.provider}, ${made.at}.`,
    '',
    '```yaml',
    file.trimEnd(),
    '```',
    '',
  ].join('\n');
}

function kernelLines(kernels: readonly NodeKernel[], packages: Reported['packages']): string[] {
  const names = [...new Set(kernels.map(({ name }) => name))];
  return names.flatMap((name) => {
    const nodes = kernels.filter((one) => one.name === name);
    const version = nodes[0]?.version;
    const upstream = version && !name.startsWith(version) ? `, which is ${version}` : '';
    const parts = packages.get(name) ?? [];
    return [
      `- ${nodes.map(({ node }) => node).join(', ')}: \`${name}\`${upstream}${parts.length === 0 ? ', of the guest image' : ''}`,
      ...parts.map((part) => `  - \`${part.name}\`, SHA-256 \`${part.sha256}\``),
    ];
  });
}

const purposes = { see: '', wrong: 'with the bug: ', right: 'without it: ' } as const;

function stepLines({ title, deed, expectations }: TriedStep, at: number): string[] {
  return [
    `${at + 1}. ${title}${deed === title ? '' : ` (${deed})`}`,
    ...expectations.map(
      ({ purpose, expected, seen, met }) =>
        `   - ${met ? '✔' : '✘'} ${purposes[purpose]}${expected}${met ? '' : `; seen: ${seen}`}`,
    ),
    '',
  ];
}

function complaintLines({ complaints }: Trial): string[] {
  return complaints.flatMap(({ node, lines }) => [`The kernel of ${node} complained:`, '', ...quoted(lines), '']);
}

/** The last lines of consoles that have any. */
function consoleLines({ consoles }: Trial): string[] {
  const some = consoles.filter(({ lines }) => lines.length > 0);
  if (some.length === 0) return [];
  return [
    '## Consoles',
    '',
    ...some.flatMap(({ node, lines }) => [`The last lines of ${node}:`, '', ...quoted(lines), '']),
  ];
}

/** A block of code that no line of it can end. */
function quoted(lines: readonly string[]): string[] {
  return lines.map((line) => `    ${line}`);
}

/** Documentation/dev-tools/ktap.rst: each step is a test, which fails where the bug was seen, or not what must be seen. */
function ktap(id: string, { steps, complaints }: Trial, verdict: BugVerdict): string[] {
  const lines = steps.map((step, at) => `    ${hasFailed(step) ? 'not ok' : 'ok'} ${at + 1} ${plain(step.title)}`);
  const ends: Record<BugVerdict, string> = {
    reproduced: `not ok 1 ${id}`,
    'not reproduced': `ok 1 ${id}`,
    'the lab broke': `ok 1 ${id} # SKIP the lab broke`,
  };
  return [
    'KTAP version 1',
    '1..1',
    '    KTAP version 1',
    `    1..${steps.length}`,
    ...lines,
    ...complaints.map(({ node, lines: [first = ''] }) => `    # ${node}: ${plain(first)}`),
    ends[verdict],
  ];
}

function hasFailed({ expectations }: TriedStep): boolean {
  const wrong = expectations.filter(({ purpose }) => purpose === 'wrong');
  return (
    (wrong.length > 0 && wrong.every(({ met }) => met)) ||
    expectations.some(({ purpose, met }) => purpose === 'see' && !met)
  );
}

/** A # would begin a directive. */
function plain(text: string): string {
  return text.replaceAll('#', '＃').replaceAll('\n', ' ');
}

/**
 * The bug’s file in a report that bugReport has written, at the lines where it stands there, so that mistakes are told with the
 * report’s own lines. Undefined for any other text.
 */
export function fileInReport(report: string): string | undefined {
  const lines = report.split('\n');
  const begin = lines.lastIndexOf('```yaml');
  const end = lines.indexOf('```', begin + 1);
  if (begin < 0 || end < 0) return undefined;
  return [...Array.from({ length: begin + 1 }, () => ''), ...lines.slice(begin + 1, end), ''].join('\n');
}
