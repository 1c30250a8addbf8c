import type { LabReport } from './lab-report.ts';

/**
 * The checks in the Kernel Test Anything Protocol, version 1 (Documentation/dev-tools/ktap.rst). A description has no `#`, which
 * would begin a directive.
 */
export function reportKtap({ plan, run }: LabReport): string {
  const lines = run.checks.flatMap(({ id, service, ok, title, expected, observed, warning, hint }, at) => {
    const name = [id, service, title].filter(Boolean).join(' ').replaceAll('#', '');
    const facts = ok
      ? []
      : [`expected: ${expected}`, `observed: ${observed}`, ...(hint ? [hint.cause, ...hint.commands] : [])];
    const comments = [...facts, ...(warning === null ? [] : [`warning: ${warning}`])];
    return [`${ok ? 'ok' : 'not ok'} ${at + 1} ${oneLine(name)}`, ...comments.map((one) => `# ${oneLine(one)}`)];
  });
  return [`KTAP version 1`, `# lab ${plan.lab}`, `1..${run.checks.length}`, ...lines, ''].join('\n');
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ');
}
