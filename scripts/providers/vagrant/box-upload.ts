import { join } from 'node:path';
import { removeTree } from '../../host/files.ts';
import { takeLock } from '../../host/lock.ts';
import { cacheFolder } from '../../host/paths.ts';
import { readState, writeState } from '../../host/state-file.ts';
import type { Emit } from '../../report/events.ts';
import type { VagrantLine } from './machine-readable.ts';
import { boxVolumes, dropBoxVolumes } from './sweep.ts';

/**
 * vagrant-libvirt uploads a box to libvirt when its first machine is made, and from then on takes what is there for
 * whole. So one lab at a time makes its first machines, and a marker names the box volumes that were whole before: what
 * a killed command has begun to upload is known by it, and goes.
 * @returns what to call with each line that vagrant prints, and when it has ended
 */
export async function guardUpload(emit: Emit): Promise<{ onLine: (line: VagrantLine) => void; end(): Promise<void> }> {
  const marker = join(cacheFolder(), 'vagrant', 'upload.json');
  const lock = await takeLock(join(cacheFolder(), 'vagrant', 'upload.lock'), {
    what: 'uploading a Vagrant box',
    onWait: (holder) => emit({ type: 'note', text: `waiting for the box: ${holder}` }),
  });
  const whole = (await readState<{ whole: string[] }>(marker))?.whole;
  if (whole) await dropBoxVolumes((await boxVolumes()).filter((name) => !whole.includes(name)));
  await writeState(marker, { whole: await boxVolumes() });
  let done: Promise<void> | undefined;
  const end = () => {
    done ??= removeTree(marker).finally(() => lock.release());
    return done;
  };
  return {
    // The disk of a machine is made once its box is there.
    onLine: ({ type, data }) => {
      if (type === 'ui' && /Creating image \(snapshot of base box volume\)/.test(data[1] ?? '')) void end();
    },
    end,
  };
}
