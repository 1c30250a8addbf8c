/** One line of what `vagrant --machine-readable` prints. */
export interface VagrantLine {
  /** The machine it is about, or '' for all of them. */
  target: string;
  type: string;
  data: string[];
}

/**
 * timestamp,target,type,data…: commas inside a field come as %!(VAGRANT_COMMA), ends of lines as \n and \r
 * (lib/vagrant/ui.rb, MachineReadable). Undefined for anything else, such as what Ruby itself says.
 */
export function parseLine(line: string): VagrantLine | undefined {
  const [time = '', target, type, ...data] = line.split(',').map(decode);
  return /^\d+$/.test(time) && target !== undefined && type ? { target, type, data } : undefined;
}

function decode(field: string): string {
  return field.replaceAll('%!(VAGRANT_COMMA)', ',').replaceAll('\\n', '\n').replaceAll('\\r', '\r');
}

/** State of each machine: running, not_created, shutoff, poweroff, … as the hypervisor's plug-in calls it. */
export function statesOf(lines: readonly VagrantLine[]): Map<string, string> {
  return new Map(lines.filter(({ type }) => type === 'state').map(({ target, data }) => [target, data[0] ?? '']));
}

/** Where Vagrant says that SSH of a machine is. */
export interface SshSettings {
  node: string;
  host: string;
  port: number;
  user: string;
  identityFile: string;
}

/** Reads what `vagrant ssh-config` says: an ssh_config block a machine, of which the first IdentityFile counts. */
export function sshSettingsOf(lines: readonly VagrantLine[]): SshSettings[] {
  return lines
    .filter(({ type }) => type === 'ssh-config')
    .map(({ target, data }) => {
      const value = (key: string) => new RegExp(`^\\s*${key}\\s+"?(.*?)"?\\s*$`, 'm').exec(data[0] ?? '')?.[1] ?? '';
      return {
        node: value('Host') || target,
        host: value('HostName'),
        port: Number(value('Port') || 22),
        user: value('User') || 'vagrant',
        identityFile: value('IdentityFile'),
      };
    });
}

/** The error that a command ended with: Vagrant's own class of it, and its words. */
export function errorOf(lines: readonly VagrantLine[]): { name: string; text: string } | undefined {
  const line = lines.find(({ type }) => type === 'error-exit');
  return line && { name: line.data[0] ?? '', text: line.data.slice(1).join(',') };
}

/** What a person may want to read of a line: the machine and what happens to it. */
export function progressOf({ target, type, data }: VagrantLine): string | undefined {
  if (type !== 'ui' || data[0] === 'error') return undefined;
  const text = (data[1] ?? '').replace(/^(==>|\s)*/, '').split('\n')[0] ?? '';
  const message = text.startsWith(`${target}: `) ? text.slice(target.length + 2).trim() : text.trim();
  // Settings of the machine, and refused logins while it boots.
  if (message === '' || message.startsWith('-- ') || message.startsWith('Warning:')) return undefined;
  return target ? `${target}: ${message}` : message;
}
