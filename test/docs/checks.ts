import type { CheckKind } from '../../scripts/checks/check-kind.ts';
import { checkKinds } from '../../scripts/checks/index.ts';
import { drills } from '../../scripts/drills/index.ts';

const head = `# Checks

\`lab verify\` sends the requests, looks at every node, and judges what it saw by these checks, in this order: first what a client
sees, then what lies behind it. A lab has the checks that make sense in it. The id of a check is stable; it stands before each
line on the screen and in the JSON document. Each fault that a check must name is in [faults.md](faults.md), and the kit's tests
make it on machines.
`;

const drilled = `## Checks of drills

In a lab that should survive failures, drills follow: each makes something fail, measures what clients notice, and undoes what it
did.

| drill | what it does and shows | checks |
|---|---|---|`;

/** docs/checks.md: every check of the shelf and of drills. */
export function checksPage(): string {
  const rows = checkKinds.map(({ id, about }) => `| [${id}](#${id}) | ${about} |`);
  const table = ['| check | what is right |', '|---|---|', ...rows].join('\n');
  const ofDrills = drills.map(
    ({ name, about, checks }) => `| ${name} | ${about} | ${checks.map((id) => `\`${id}\``).join(', ')} |`,
  );
  return `${[head, table, '', checkKinds.map(section).join('\n\n'), '', [drilled, ...ofDrills].join('\n')].join('\n')}\n`;
}

function section({ id, about, looks, faults }: CheckKind): string {
  const named = faults.map((fault) => `[${fault}](faults.md#${fault})`);
  return [
    `## ${id}`,
    `What is right: ${about}.`,
    ['How it is looked at:', '', ...looks.map((look) => `- ${look.about}`)].join('\n'),
    ...(named.length > 0 ? [`Faults that it names: ${named.join(', ')}.`] : []),
  ].join('\n\n');
}
