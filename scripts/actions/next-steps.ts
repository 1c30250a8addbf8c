import { asTyped } from '../report/as-typed.ts';

/** What a person may want to do with a running lab. */
export function nextSteps(lab: string): string {
  const lines = [
    '  The lab keeps running. What next:',
    `    lab ssh ${lab} director      open a shell on a node`,
    `    lab verify ${lab}            check it again`,
    `    lab status ${lab}            show its machines`,
    `    lab down ${lab}              stop it`,
  ];
  return asTyped(lines.join('\n'));
}
