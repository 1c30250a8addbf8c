import { z } from 'zod';

const answer = z.object({
  service: z.string(),
  request: z.number(),
  server: z.string().nullable(),
  predicted: z.string().nullable(),
  status: z.number(),
  localPort: z.number(),
  seconds: z.number(),
  error: z.string().nullable(),
});

const hint = z.object({ cause: z.string(), commands: z.array(z.string()), see: z.array(z.string()) });

const check = z.object({
  id: z.string(),
  service: z.string().optional(),
  title: z.string(),
  ok: z.boolean(),
  expected: z.string(),
  observed: z.string(),
  warning: z.string().nullable(),
  hint: hint.nullable(),
});

const cause = z.object({
  id: z.string(),
  node: z.string(),
  what: z.string(),
  why: z.string(),
  commands: z.array(z.string()),
});

/** What of a document lvs-lab/run/2 is in a report. */
const runDocument = z.object({
  lab: z.string(),
  provider: z.string(),
  ok: z.boolean(),
  /** When the lab was verified, as in RFC 3339. */
  time: z.string().optional(),
  /** Version of the director's kernel. */
  kernel: z.string().nullable().optional(),
  seconds: z.object({
    total: z.number(),
    up: z.number().optional(),
    provision: z.number().optional(),
    verify: z.number(),
  }),
  answers: z.array(answer),
  checks: z.array(check),
  diagnosis: z.object({ causes: z.array(cause) }).nullable(),
});

export type RunDocument = z.infer<typeof runDocument>;
export type RunAnswer = z.infer<typeof answer>;
export type RunCheck = z.infer<typeof check>;

const reportDocument = z.object({ schema: z.literal('lvs-lab/report/1'), run: runDocument });

/** Reads what `lab report --json`, `lab run --json` or `lab verify --json` printed. @returns undefined for another text */
export function readPrintedRun(text: string): RunDocument | undefined {
  try {
    const document = JSON.parse(text);
    return reportDocument.safeParse(document).data?.run ?? runDocument.safeParse(document).data;
  } catch {
    return undefined;
  }
}

/** Reads the text of report.json. @returns undefined for a text that is no such document */
export function readRunDocument(text: string): RunDocument | undefined {
  try {
    return runDocument.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}
