import { asTyped } from '../report/as-typed.ts';

/** What can be done with a lab that runs. */
export function nextSteps(lab: string): string {
  const lines = [
    '  The lab runs on. What next:',
    `    lab ssh ${lab} director      a shell on a node`,
    `    lab verify ${lab}            check it again`,
    `    lab status ${lab}            what runs`,
    `    lab down ${lab}              end it`,
  ];
  return asTyped(lines.join('\n'));
}
