import test from 'ava';
import { judgeWriterKilled } from '../../scripts/drills/shared-disk/judge.ts';
import { parseSurvivor } from '../../scripts/drills/shared-disk/seen.ts';
import { failsWithHint } from '../checks/fails-with-hint.ts';
import { planOf } from '../render/golden.ts';
import { sharedDiskSeen } from './seen/shared-disk.ts';

test('a machine that dies while it writes: what is wrong with the disk afterwards is named', async (t) => {
  const plan = await planOf('ocfs2');
  t.true(judgeWriterKilled(sharedDiskSeen).ok);
  t.is(
    judgeWriterKilled(sharedDiskSeen).observed,
    'rs1 wrote 14.2 s after rs2 lost power; 40 files are whole; rs2 was back after 6.0 s',
  );
  const damages = [
    { seconds: undefined },
    { seconds: 70 },
    { files: 0 },
    { unreadable: 1 },
    { kernelErrors: ['OCFS2: ERROR'] },
    { readBack: false },
  ];
  for (const damage of damages) {
    const check = judgeWriterKilled({ ...sharedDiskSeen, ...damage });
    failsWithHint(t, check, plan, /ocfs2 rs1 -- "dmesg/);
  }
  t.deepEqual(parseSurvivor('@@usable 100.5 112.75\n@@files 40 1\n@@damage OCFS2: ERROR (device vdb)\n'), {
    seconds: 12.25,
    files: 40,
    unreadable: 1,
    kernelErrors: ['OCFS2: ERROR (device vdb)'],
  });
  t.is(parseSurvivor('@@files 0 0\n').seconds, undefined);
});
