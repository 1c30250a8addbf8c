import { drawingOf } from '../../scripts/path/drawing.ts';
import { mermaidText } from '../../scripts/path/mermaid.ts';
import { addressesText, hopText, ttlText, wrappingText } from '../../scripts/path/words.ts';
import { caseOf, ladderCases } from './cases.ts';
import { printed, tracked } from './drawn.ts';
import { conversation } from './made.ts';

export const goldenPaths = ladderCases.map(({ lab }) => lab);

/** The sequence diagram of a request. */
export async function goldenMermaid(lab: string): Promise<string> {
  const { plan, service, server, there, back } = await caseOf(lab);
  const found = tracked(plan, service, conversation(plan, { there, back }), { server });
  return `${mermaidText(drawingOf(plan, found.followed, { ...found, all: false }))}\n`;
}

/** The hops that a lab's plan wants, and the ladder of a request that made them. */
export async function goldenPath(lab: string): Promise<string> {
  const { plan, service, server, there, back } = await caseOf(lab);
  const found = tracked(plan, service, conversation(plan, { there, back }), { server });
  const hops = (['there', 'back'] as const).flatMap((way) =>
    found.expected[way].map((wire) => {
      const parts = [`${way}: ${hopText(wire)}`, addressesText(wire), ttlText(wire), ...wire.wrapped.map(wrappingText)];
      return parts.join(', ');
    }),
  );
  return `${hops.join('\n')}\n\n${printed(plan, found)}`;
}
