import { z } from 'zod';
import { nodeName } from '../../model/schema/values.ts';
import { type Field, type Kind, kinds } from '../kinds.ts';
import { numberMistake, textMistake } from '../matcher.ts';

/** A text that zod refuses with what is wrong with it. */
function checked(mistakeIn: (text: string) => string | undefined) {
  return z.string().superRefine((text, context) => {
    const message = mistakeIn(text);
    if (message) context.addIssue({ code: 'custom', message });
  });
}

const numberMatcher = z.union([z.number(), checked(numberMistake)]);
const textMatcher = checked(textMistake);

const matchers = {
  number: z.union([z.number(), checked(numberMistake), z.array(numberMatcher).min(1)]),
  text: z.union([textMatcher, z.array(textMatcher).min(1)]),
  flag: z.boolean(),
};

const field = ({ type, about }: Field) => matchers[type].optional().describe(about);

function where({ fields }: Kind) {
  return Object.fromEntries(Object.entries(fields).map(([name, one]) => [name, field(one)]));
}

const { command, ...others } = kinds;

const kindKeys = {
  ...Object.fromEntries(
    Object.entries<Kind>(others).map(([name, kind]) => [
      name,
      z.strictObject(where(kind)).optional().describe(kind.about),
    ]),
  ),
  command: z
    .strictObject({
      on: nodeName.optional().describe('The node on which the command runs.'),
      run: z
        .string()
        .min(1)
        .optional()
        .describe('Shell text for /bin/sh, as root. It is run again in a step that waits.'),
      ...where(command),
    })
    .superRefine(({ on, run }, context) => {
      if ((on === undefined) === (run === undefined)) return;
      const message = 'half of a command that looks; on: a node and run: a command, or neither for that of the step';
      context.addIssue({ code: 'custom', message });
    })
    .optional()
    .describe(command.about),
};

/** What must be seen: a kind of records, which of them count, and how many there must be. */
export const expectation = z
  .strictObject({
    ...kindKeys,
    count: matchers.number.optional().describe('How many of these records there must be.').meta({ default: '>= 1' }),
    order: z
      .record(z.string(), z.array(z.union([z.string(), z.number()])).min(1))
      .optional()
      .describe('A field, and its values in those records, one after the other: `order: { server: [rs2, rs1] }`.'),
  })
  .superRefine((value, context) => {
    const named = Object.keys(value).filter((key) => key in kinds);
    if (named.length === 1) return;
    const names = Object.keys(kinds).join(', ');
    context.addIssue({
      code: 'custom',
      message: `${named.length === 0 ? 'an expectation of nothing' : 'more than one thing to see'}; one of ${names}`,
    });
  });
