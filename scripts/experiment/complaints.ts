/** What a kernel complains about by itself: the first line, and some below it. */
export interface Complaint {
  node: string;
  lines: string[];
}

/**
 * How reports of the kernel begin: BUG and KASAN (mm/kasan/report.c), __warn and oops_enter (kernel/panic.c), hung tasks
 * (kernel/hung_task.c), die() of x86. Soft lockups and RCU stalls are left out: a machine that the host lets wait for its CPU has them too.
 */
const begins =
  /\b(BUG: (?!soft lockup|workqueue lockup)|kernel BUG at|WARNING: (CPU: \d|.* at \S+:\d+)|Oops: |Kernel panic|general protection fault|Unable to handle kernel|INFO: task .* blocked for more than|UBSAN: |refcount_t: |unregister_netdevice: waiting for)/;

/** Lines of a report that are quoted. */
const mostLines = 12;

/** Lines of one report belong together; the kernel marks its end. */
const ends = /---\[ end /;

/** The reports in the text of a console or of dmesg. */
export function complaintsIn(node: string, text: string): Complaint[] {
  const found: Complaint[] = [];
  let open: string[] | undefined;
  for (const raw of text.split(/\r?\n/)) {
    const line = withoutTime(raw).trimEnd();
    if (!open && begins.test(line)) {
      open = [];
      found.push({ node, lines: open });
    }
    if (!open) continue;
    if (open.length < mostLines && line !== '') open.push(line);
    if (ends.test(line)) open = undefined;
  }
  return found;
}

/** Without `[   12.345678] `, and without the priority in front of it on a console. */
export function withoutTime(line: string): string {
  return line.replace(/^(<\d+>)?\[\s*\d+\.\d+\](\[ *[TC]\d+\])? ?/, '');
}

/** Each report once, though a console and dmesg have both. */
export function distinct(all: readonly Complaint[]): Complaint[] {
  const known = new Map(all.map((one) => [`${one.node} ${one.lines[0]}`, one] as const));
  return [...known.values()];
}
