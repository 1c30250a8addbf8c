import Handlebars from 'handlebars';
import type { Plan, PlannedScript } from '../plan/plan.ts';
import { shellQuote } from './shell-quote.ts';

/** Template texts by name: `director/network`, `partials/nic`, `backends/http/serve`. */
export type Templates = ReadonlyMap<string, string>;

export interface Script {
  node: string;
  phase: string;
  /** `10-network.sh` */
  file: string;
  text: string;
}

/** Plan → the shell scripts of all nodes, in the order they run. */
export function renderPlan(plan: Plan, templates: Templates): Script[] {
  const render = renderer(templates);
  return plan.phases.flatMap(({ name: phase, scripts }) =>
    scripts.map((script) => ({ node: script.node, phase, file: script.file, text: render(script) })),
  );
}

/**
 * Turns one planned script, or any template with its context, into text. Values reach the shell through the helper
 * `sh`, which quotes; what stands in comments and quoted here-documents is limited by the schema of lab files.
 */
export function renderer(templates: Templates): (script: Pick<PlannedScript, 'template' | 'context'>) => string {
  const handlebars = Handlebars.create();
  handlebars.registerHelper('sh', shellQuote);
  // {{> nic}} is partials/nic. A template beside its code is used by its full name: {{> backends/http/ask}}.
  for (const [name, text] of templates) handlebars.registerPartial(name.replace(/^partials\//, ''), text);
  const compiled = new Map<string, Handlebars.TemplateDelegate>();
  return ({ template, context }) => {
    const text = templates.get(template);
    if (text === undefined) throw new Error(`there is no template ${template}`);
    let run = compiled.get(template);
    if (!run) {
      run = handlebars.compile(text, {
        noEscape: true,
        strict: true,
        preventIndent: true,
        knownHelpersOnly: true,
        knownHelpers: { sh: true },
      });
      compiled.set(template, run);
    }
    return tidy(run(context), template);
  };
}

/** @throws Error when the text has a rendered value that is not text, such as `undefined` */
function tidy(text: string, template: string): string {
  const leak = /undefined|\[object \w+\]|\{\{/.exec(text)?.[0];
  if (leak) throw new Error(`template ${template} renders ${leak}`);
  return `${text.replace(/\n{3,}/g, '\n\n').trimEnd()}\n`;
}
