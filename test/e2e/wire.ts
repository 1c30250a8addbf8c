import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp } from 'node:fs/promises';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { makePrivateFolder, removeTree } from '../../scripts/host/files.ts';
import { type Place, placeOf } from '../../scripts/host/paths.ts';
import { endProcesses } from '../../scripts/host/processes.ts';
import { waitFor } from '../../scripts/host/wait.ts';
import { which } from '../../scripts/host/which.ts';
import { findLabProcesses, machineName, switchFolder } from '../../scripts/providers/qemu/lab-processes.ts';
import { qemuName } from '../../scripts/providers/qemu/qemu-program.ts';
import { startSwitch } from '../../scripts/providers/qemu/switch.ts';
import { scaled } from '../pace.ts';

/**
 * A machine without a guest: a QEMU that passes on the frames of a switch. It is plugged in as a lab's machines are, and the test is
 * its guest.
 */
class Station {
  readonly node: string;
  readonly mac: string;
  readonly got: Buffer[] = [];
  /** Frames so far whose padding was not all zeros. */
  damaged = 0;
  readonly process: ChildProcess;
  readonly #socket: Socket;
  readonly #server: Server;
  #rest = Buffer.alloc(0);

  private constructor(node: string, mac: string, process: ChildProcess, socket: Socket, server: Server) {
    this.node = node;
    this.mac = mac;
    this.process = process;
    this.#socket = socket;
    this.#server = server;
    socket.on('data', (data) => this.#take(data));
    socket.on('error', () => {}); // its QEMU was ended
  }

  static async start(place: Place, network: string, node: string, mac: string): Promise<Station> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const connected = once(server, 'connection') as Promise<[Socket]>;
    const child = spawn((await which(qemuName)) ?? qemuName, [
      ...['-name', machineName(place, node), '-machine', 'none', '-nodefaults', '-display', 'none'],
      ...['-netdev', `vde,id=lab0,sock=${switchFolder(place, network)}`],
      ...['-netdev', 'hubport,id=near,hubid=0,netdev=lab0'],
      ...['-netdev', `socket,id=test,connect=127.0.0.1:${port}`],
      ...['-netdev', 'hubport,id=far,hubid=0,netdev=test'],
    ]);
    const [socket] = await connected;
    return new Station(node, mac, child, socket, server);
  }

  /** Sends a frame with this text, padded to a size without Ethernet's header. */
  send(to: string, text: string, size = 100): void {
    const payload = Buffer.alloc(size);
    payload.write(text);
    const frame = Buffer.concat([bytesOf(to), bytesOf(this.mac), Buffer.from([0x88, 0xb5]), payload]);
    const length = Buffer.alloc(4);
    length.writeUInt32BE(frame.length);
    this.#socket.write(Buffer.concat([length, frame]));
  }

  /** The texts of all frames so far, and forgets them. */
  take(): string[] {
    return this.got.splice(0).map((frame) => textOf(frame));
  }

  async end(): Promise<void> {
    this.#server.close();
    this.#socket.destroy();
    if (this.process.exitCode !== null || this.process.signalCode !== null) return;
    this.process.kill('SIGKILL');
    await once(this.process, 'exit');
  }

  /** QEMU's stream: the length of each frame in four bytes (net/socket.c). */
  #take(data: Buffer): void {
    this.#rest = Buffer.concat([this.#rest, data]);
    while (this.#rest.length >= 4) {
      const end = 4 + this.#rest.readUInt32BE();
      if (this.#rest.length < end) return;
      const frame = this.#rest.subarray(4, end);
      this.got.push(frame);
      if (frame.subarray(14 + textOf(frame).length).some((byte) => byte !== 0)) this.damaged++;
      this.#rest = this.#rest.subarray(end);
    }
  }
}

export function textOf(frame: Uint8Array): string {
  const [text = ''] = Buffer.from(frame.subarray(14)).toString('latin1').split('\0');
  return text;
}

function bytesOf(mac: string): Buffer {
  return Buffer.from(mac.replaceAll(':', ''), 'hex');
}

export const everybody = 'ff:ff:ff:ff:ff:ff';

/** A network of a lab, with machines that have no guests. */
export class Wire {
  readonly place: Place;
  readonly network = 'front';
  readonly stations: Station[] = [];

  private constructor(place: Place) {
    this.place = place;
  }

  static async with(...nodes: string[]): Promise<Wire> {
    const wire = new Wire(placeOf('wire', await mkdtemp(join(tmpdir(), 'lab-wire-'))));
    await makePrivateFolder(wire.place.runtime);
    await makePrivateFolder(wire.place.folder);
    await startSwitch(wire.place, wire.network, (await which('vde_switch')) ?? 'vde_switch');
    for (const node of nodes) await wire.plug(node);
    return wire;
  }

  async plug(node: string): Promise<Station> {
    const mac = `52:54:00:01:00:0${this.stations.length + 1}`;
    const station = await Station.start(this.place, this.network, node, mac);
    this.stations.push(station);
    return station;
  }

  station(node: string): Station {
    const found = this.stations.find((one) => one.node === node && one.process.signalCode === null);
    if (!found) throw new Error(`there is no ${node}`);
    return found;
  }

  /**
   * Sends frames from one to the other, some milliseconds apart.
   * @returns the texts of those that arrived, in their order
   */
  async send(from: string, to: string, count: number, { size = 100, waitMs = 300 } = {}): Promise<string[]> {
    const [sender, receiver] = [this.station(from), this.station(to)];
    receiver.take();
    for (let at = 0; at < count; at++) {
      sender.send(receiver.mac, `${from} ${at}`, size);
      if (at % 10 === 9) await pause(5);
    }
    // Frames that are lost cannot be waited for. When all are there, some may still come twice.
    const quietMs = () => (receiver.got.length >= count ? Math.min(waitMs, 50) : waitMs);
    await waitFor(
      async () => {
        const before = receiver.got.length;
        await pause(quietMs());
        return receiver.got.length === before || undefined;
      },
      { what: `frames from ${from} to ${to}`, deadlineMs: scaled(30_000) },
    );
    return receiver.take().filter((text) => text.startsWith(from));
  }

  async end(): Promise<void> {
    for (const station of this.stations) await station.end();
    await endProcesses((await findLabProcesses(this.place)).all);
    await removeTree(this.place.runtime);
    await removeTree(join(this.place.folder, '../..'));
  }
}
