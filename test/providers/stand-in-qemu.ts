import { type ChildProcess, spawn } from 'node:child_process';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { makePrivateFolder } from '../../scripts/host/files.ts';
import type { Place } from '../../scripts/host/paths.ts';
import { filesOf } from '../../scripts/providers/qemu/clone.ts';

interface Message {
  execute: string;
  arguments: { id?: number; uri?: string };
}

/** What stands for a machine of a lab: a process of its name, a monitor and a guest agent. Of saving it knows what the kit asks. */
export class StandInQemu {
  /** QMP's RunState. */
  state = 'running';
  /** QMP's MigrationStatus. */
  saving = 'none';
  /** What was asked, in order. */
  readonly asked: string[] = [];
  /** What it sends when it is saved; it never comes to an end of that if `endless`. */
  stream: Buffer = Buffer.alloc(0);
  endless = false;
  /** Whether its guest agent does what it is asked. */
  agent = true;
  readonly #process: ChildProcess;
  readonly #servers: Server[] = [];
  readonly #sockets = new Set<Socket>();

  private constructor(place: Place, node: string) {
    const name = ['-name', `lvs-lab/${place.id}/${node}`, filesOf(place, node).monitor];
    this.#process = spawn('/bin/sh', ['-c', 'read word', ...name], {
      argv0: '/usr/bin/qemu-system-x86_64',
      stdio: ['pipe', 'ignore', 'ignore'],
    });
  }

  static async start(place: Place, node: string): Promise<StandInQemu> {
    await makePrivateFolder(place.runtime);
    const qemu = new StandInQemu(place, node);
    const files = filesOf(place, node);
    await qemu.#listen(files.monitor, (message) => qemu.#command(message), '{"QMP": {}}\n');
    await qemu.#listen(files.agent, (message) => qemu.#ask(message), '');
    return qemu;
  }

  end(): void {
    this.#process.kill('SIGKILL');
    for (const socket of this.#sockets) socket.destroy();
    for (const server of this.#servers) server.close();
  }

  async #listen(path: string, answer: (message: Message) => object, greeting: string): Promise<void> {
    const server = createServer((socket) => {
      this.#sockets.add(socket);
      socket.on('error', () => {});
      socket.write(greeting);
      socket.on('data', (data) => {
        for (const line of data.toString().split('\n').filter(Boolean)) {
          socket.write(`${JSON.stringify(answer(JSON.parse(line) as Message))}\n`);
        }
      });
    });
    this.#servers.push(server);
    await new Promise<void>((resolve) => server.listen(path, resolve));
  }

  #ask({ execute, arguments: { id } }: Message): object {
    this.asked.push(execute);
    if (execute === 'guest-sync') return { return: id };
    if (!this.agent) return { error: { desc: 'the command is disabled' } };
    if (execute === 'guest-exec') return { return: { pid: 1 } };
    return { return: { exited: true, exitcode: 0 } };
  }

  #command({ execute, arguments: { uri = '' } }: Message): object {
    this.asked.push(execute);
    const refused = (desc: string) => ({ error: { class: 'GenericError', desc } });
    if (execute === 'query-status') return { return: { status: this.state } };
    if (execute === 'query-migrate') return { return: this.saving === 'none' ? {} : { status: this.saving } };
    if (execute === 'human-monitor-command')
      return { return: 'TCP[HOST_FORWARD]  15  127.0.0.1 41373  169.254.77.15  22' };
    if (execute === 'stop') this.state = 'paused';
    if (execute === 'cont') {
      if (this.saving === 'active' || this.saving === 'cancelling') return refused('Migration is not finalized yet');
      this.state = 'running';
    }
    if (execute === 'migrate') this.#send(uri.replace('unix:', ''));
    if (execute === 'migrate_cancel' && this.saving === 'active') {
      this.saving = 'cancelling';
      setTimeout(() => this.#ended('cancelled'), 100);
    }
    return { return: {} };
  }

  #send(socket: string): void {
    this.saving = 'active';
    const stream = connect(socket);
    this.#sockets.add(stream);
    stream.on('error', () => this.#ended('failed'));
    if (this.endless) stream.write(this.stream);
    else stream.end(this.stream, () => this.#ended('completed'));
  }

  #ended(how: string): void {
    if (this.saving === 'cancelling' && how !== 'cancelled') return;
    this.saving = how;
    this.state = 'postmigrate';
  }
}
