import type { Check } from '../../checks/check.ts';
import type { Hint } from '../../checks/hint.ts';
import type { WriterKilledSeen } from './seen.ts';

/** Seconds within which a dead member must be known to be dead, and its journal played back. */
const recoveryBound = 60;

export function judgeWriterKilled(seen: WriterKilledSeen): Check {
  const { writer, survivor, seconds, files, broken, damage, read, secondsBack } = seen;
  const wrongs = [
    ...(seconds === undefined ? [`${survivor} cannot write`] : []),
    ...(seconds !== undefined && seconds > recoveryBound
      ? [`${survivor} could write after ${seconds.toFixed(1)} s`]
      : []),
    ...(files === 0 ? [`nothing is left of what ${writer} wrote`] : []),
    ...(broken > 0 ? [`${broken} of ${files} files cannot be read`] : []),
    ...damage,
    ...(read ? [] : [`${writer} is back, and does not read what ${survivor} wrote`]),
  ];
  return {
    id: 'site-writer-killed',
    title: 'a machine that dies while it writes leaves the disk usable',
    ok: wrongs.length === 0,
    expected: `${survivor} goes on within ${recoveryBound} s, ${writer} comes back`,
    observed:
      wrongs.length > 0
        ? wrongs.join('; ')
        : `${writer} killed, ${survivor} went on after ${(seconds ?? 0).toFixed(1)} s, ${files} files whole; ${writer} back after ${secondsBack.toFixed(1)} s`,
    ...(wrongs.length > 0 && { hint: hintOf(survivor) }),
  };
}

function hintOf(survivor: string): Hint {
  return {
    cause: 'o2cb, o2dlm and ocfs2 log what becomes of a member that is dead',
    commands: [{ on: survivor, run: "dmesg | grep -E 'o2|ocfs2'" }],
    see: [],
  };
}
