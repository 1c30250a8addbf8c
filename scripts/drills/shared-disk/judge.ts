import type { Check } from '../../checks/check.ts';
import type { Hint } from '../../checks/hint.ts';
import type { WriterKilledSeen } from './seen.ts';

/** Seconds in which the cluster must notice that a member is dead, and play back its journal. */
const recoveryBound = 60;

/** Judges the state of the shared disk after a writer lost its power. */
export function judgeWriterKilled(seen: WriterKilledSeen): Check {
  const { writer, survivor, files, secondsBack } = seen;
  const seconds = (seen.seconds ?? 0).toFixed(1);
  const wrongs = wrongsOf(seen);
  const ok = wrongs.length === 0;
  return {
    id: 'site-writer-killed',
    title: 'a machine that loses power while it writes leaves the disk usable',
    ok,
    expected: `${survivor} writes within ${recoveryBound} s, ${writer} comes back`,
    observed: ok
      ? `${survivor} wrote ${seconds} s after ${writer} lost power; ${files} files are whole; ${writer} was back after ${secondsBack.toFixed(1)} s`
      : wrongs.join('; '),
    ...(!ok && { hint: hintOf(survivor) }),
  };
}

function wrongsOf(seen: WriterKilledSeen): string[] {
  const { writer, survivor, seconds, files, unreadable, kernelErrors, readBack } = seen;
  const late = seconds !== undefined && seconds > recoveryBound;
  return [
    ...(seconds === undefined ? [`${survivor} could not write`] : []),
    ...(late ? [`${survivor} could write only after ${seconds.toFixed(1)} s`] : []),
    ...(files === 0 ? [`nothing is left of what ${writer} wrote`] : []),
    ...(unreadable > 0 ? [`${unreadable} of ${files} files cannot be read`] : []),
    ...kernelErrors,
    ...(readBack ? [] : [`${writer} is back and does not read what ${survivor} wrote`]),
  ];
}

function hintOf(survivor: string): Hint {
  return {
    cause: 'the kernel logs how the cluster (o2cb, o2dlm, ocfs2) handles a dead member',
    commands: [{ on: survivor, run: "dmesg | grep -E 'o2|ocfs2'" }],
    see: [],
  };
}
