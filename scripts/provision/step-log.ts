export interface StepResult {
  step: string;
  code: number;
  seconds: number;
  /** The output of the step. */
  output: string;
}

/** Reads the output of templates/run-steps.sh: for each step what it printed, then a line `@@step`. */
export function parseStepLog(text: string): StepResult[] {
  const results: StepResult[] = [];
  let output: string[] = [];
  for (const line of text.split('\n')) {
    const [mark, step, code, start, end] = line.split(' ');
    if (mark === '@@step' && step && code) {
      const seconds = Math.max(0, Number(end) - Number(start));
      results.push({ step, code: Number(code), seconds, output: output.join('\n') });
      output = [];
    } else output.push(line);
  }
  return results;
}
