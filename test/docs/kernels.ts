import { recordedRows, rowsTable } from '../kernels/row.ts';

/** The table of docs/kernels.md. */
export async function kernelTable(): Promise<string> {
  return `## What was tried

\`npm run test:kernels -- --record\` runs the checks of the labs nat, dr and tun on each of these kernels, compares every choice of every
scheduler with the prediction, and runs the kernel's own test of IPVS, ipvs.sh, of Debian's source of 6.12. The table shows how many
checks passed, in how many scenarios every choice was the predicted one, and in how many methods ipvs.sh succeeded.

${rowsTable(await recordedRows())}`;
}
