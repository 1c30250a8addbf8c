import { describeProblem, type LabError, LabFileError, type Problem } from '../errors.ts';
import { asTyped } from './as-typed.ts';
import { beside, commandBeside, plainWidth, widthOf, wrapLines, wrapped } from './wrap.ts';

interface Style {
  /** Columns of a line. */
  width?: number;
  /** Changes commands into what can be typed. */
  typed?: (text: string) => string;
}

/** The text of an error: what happened and where, and below it each known fact. */
export function errorText(error: LabError, { width = plainWidth, typed = asTyped }: Style = {}): string {
  if (error instanceof LabFileError) return fileErrorText(error, { width, typed });
  const { node, step, cause, tryThis, log, tail } = error.facts;
  const place = [node && `node ${node}`, step && `step ${step}`].filter(Boolean).join(', ');
  return [
    wrapLines(place ? `${error.message} (${place})` : error.message, width),
    tail && outputText(tail, width),
    cause && beside('  likely cause: ', typed(cause), width),
    tryThis && adviceText(typed(tryThis), width),
    log && beside('  log:          ', log, width),
  ]
    .filter(Boolean)
    .join('\n');
}

function fileErrorText({ message, file, problems }: LabFileError, style: Required<Style>): string {
  return [wrapLines(message, style.width), ...problems.map((problem) => problemText(file, problem, style))].join('\n');
}

/** If one line is not enough, the correction starts on a new line, so that it can be copied. */
function problemText(file: string, problem: Problem, { width, typed }: Required<Style>): string {
  const line = `  ${typed(describeProblem(file, problem))}`;
  if (widthOf(line) <= width) return line;
  const { fix, ...rest } = problem;
  const what = wrapped(typed(describeProblem(file, rest)) + (fix ? ';' : ''), width - 4);
  const lines = [...what, ...(fix ? wrapped(typed(fix), width - 4) : [])];
  return lines.map((text, at) => `${at > 0 ? '    ' : '  '}${text}`).join('\n');
}

/** Output of a program, with a bar before each line. */
function outputText(text: string, width: number): string {
  const bar = '    | ';
  return text
    .trimEnd()
    .split('\n')
    .flatMap((line) => wrapped(line, width - bar.length))
    .map((line) => bar + line)
    .join('\n');
}

function adviceText(advice: string, width: number): string {
  const isCommand = /^(sudo|apt-get|npx|lab) [^,;]*$/.test(advice);
  return (isCommand ? commandBeside : beside)('  try:          ', advice, width);
}
