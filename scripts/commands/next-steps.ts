/** What can be done with a lab that runs. */
export function nextSteps(lab: string): string {
  return [
    '  The lab runs on. What next:',
    `    npx lab ssh ${lab} director      a shell on a node`,
    `    npx lab verify ${lab}            check it again`,
    `    npx lab status ${lab}            what runs`,
    `    npx lab down ${lab}              end it`,
  ].join('\n');
}
