import type { CheckKind } from '../../scripts/checks/check-kind.ts';
import { checkKinds } from '../../scripts/checks/index.ts';
import { drills } from '../../scripts/drills/index.ts';

const head = `# Checks

\`lab verify\` sends requests, looks at every node, and judges what it saw by these checks, in this order: first what clients
notice, then the causes. A lab has only the checks that make sense in it. The id of a check is stable. It stands at the start of
each line on the screen, and in the JSON document. [faults.md](faults.md) describes the faults that a check must name. The kit's
tests make each of these faults on machines.
`;

const drilled = `## Checks of drills

In a lab that should survive failures, drills follow. Each drill makes something fail, measures what clients notice, and undoes
its changes.

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
    `Right: ${about}.`,
    ['The check uses these observations:', '', ...[...new Set(looks)].map((look) => `- ${look.about}`)].join('\n'),
    ...(named.length > 0 ? [`The check names these faults: ${named.join(', ')}.`] : []),
  ].join('\n\n');
}
