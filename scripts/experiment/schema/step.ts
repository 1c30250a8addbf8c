import { z } from 'zod';
import { longestTitle, requestCount, weightRange } from '../../model/limits.ts';
import { address, nodeName, port, within } from '../../model/schema/values.ts';
import { expectation } from './expectation.ts';

const seen = z.array(expectation).min(1);
const fault = z.strictObject({
  fault: z.string().min(1).describe('The id of a fault of `lab faults`.'),
  at: z
    .string()
    .optional()
    .describe('The name of its place, as `lab faults NAME` prints it; the first one without it.'),
});
const bytes = within({ least: 1, most: 20_000 });

/** What a step does: exactly one of these. */
export const verbs = {
  run: z
    .strictObject({
      on: nodeName.describe('The node.'),
      command: z.string().min(1).describe('Shell text for /bin/sh, as root.'),
    })
    .describe('Runs a command on a node. It must succeed, unless `see` says something of its `command`.'),
  send: z
    .strictObject({
      service: z
        .union([z.string(), port])
        .optional()
        .describe(
          'The service: its port, `VIP:PORT`, or its name as `lab stats` prints it. The lab’s first without it.',
        ),
      count: within(requestCount).optional().describe('How many requests.').meta({ default: 1 }),
      ports: z
        .union([port, z.array(port).min(1).max(requestCount.most)])
        .optional()
        .describe(
          'The client’s port of the first request, and of those that follow one more each; or a list with the port of each. Ports that IPVS does not know without it.',
        ),
      from: address.optional().describe('The client’s address, which it has for these requests. Its own without it.'),
      size: z
        .union([bytes, z.strictObject({ up: bytes.optional(), down: bytes.optional() })])
        .optional()
        .describe('Bytes of the request and of its answer, for services of pages. An ordinary request without it.'),
      hold: nodeName
        .optional()
        .describe(
          'A name for these connections, which stay open until `close` names it, or until the end. Only over TCP.',
        ),
    })
    .describe('The client sends requests, one after the other.'),
  close: nodeName.describe('Closes connections that `send` holds open, by their name.'),
  break: fault.describe('Makes a fault of the shelf, as `lab break` does. It is undone at the end.'),
  mend: fault.describe('Undoes a fault that an earlier step has made.'),
  weight: z
    .strictObject({
      server: nodeName.describe('The real server.'),
      to: within(weightRange).describe('Its new weight.'),
      service: z
        .union([z.string(), port])
        .optional()
        .describe('The service, as of `send`; the lab’s first without it.'),
    })
    .describe('Gives a real server another weight (ipvsadm -e).'),
  remove: z
    .strictObject({
      server: nodeName.describe('The real server.'),
      service: z
        .union([z.string(), port])
        .optional()
        .describe('The service, as of `send`; the lab’s first without it.'),
    })
    .describe('Takes a real server out of a service (ipvsadm -d).'),
  reset: nodeName.describe('Replaces a machine by a new one and sets it up.'),
  wait: within({ least: 1, most: 3600 }).describe(
    'Looks again and again until all that `see` lists is there, for so many seconds at most in which the lab is idle.',
  ),
};

export type Verb = keyof typeof verbs;
export const verbNames = Object.keys(verbs) as Verb[];

const optional = <Shape extends z.ZodRawShape>(shape: Shape) =>
  z.strictObject(shape).partial().shape as { [Key in keyof Shape]: z.ZodOptional<Shape[Key]> };

const stepKeys = {
  name: z.string().min(1).max(longestTitle).optional().describe('What the step is for, in a few words.'),
  ...optional(verbs),
  see: seen.optional().describe('What must be seen after it.'),
};

/** One verb, and a wait has something to wait for. */
function requireVerb(
  step: Record<string, unknown>,
  context: z.RefinementCtx,
  names: readonly Verb[] = verbNames,
): void {
  const named = names.filter((verb) => step[verb] !== undefined);
  if (named.length !== 1) {
    const what = named.length === 0 ? 'a step that does nothing' : `a step that does ${named.length} things`;
    context.addIssue({ code: 'custom', message: `${what}; one of ${names.join(', ')}` });
  } else if (step.wait !== undefined && !step.see && !step.wrong && !step.right) {
    context.addIssue({ code: 'custom', message: 'a wait for nothing; see: says what it waits for' });
  }
}

export const step = z.strictObject(stepKeys).superRefine((one, context) => requireVerb(one, context));

/** A step of which the verb is one of these. @param more its other keys */
export function stepWith<Name extends Verb, More extends z.ZodRawShape>(names: readonly Name[], more: More) {
  const { name, see } = stepKeys;
  const some = Object.fromEntries(names.map((verb) => [verb, stepKeys[verb]])) as Pick<typeof stepKeys, Name>;
  return z
    .strictObject({ name, ...some, see, ...more })
    .superRefine((one, context) => requireVerb(one, context, names));
}

/** A step of a bug. */
export const bugStep = z
  .strictObject({
    ...stepKeys,
    wrong: seen.optional().describe('What is seen where the bug is.'),
    right: seen.optional().describe('What is seen where it is mended.'),
  })
  .superRefine((one, context) => requireVerb(one, context));
