/** One line of the output of `vagrant --machine-readable`. */
export interface VagrantLine {
  /** The machine, or '' for all. */
  target: string;
  type: string;
  data: string[];
}

/**
 * Reads a line `timestamp,target,type,data…`. Commas within a field are written as %!(VAGRANT_COMMA), ends of lines as \n and \r
 * (lib/vagrant/ui.rb, MachineReadable). Returns undefined for any other line, such as a message of Ruby.
 */
export function parseLine(line: string): VagrantLine | undefined {
  const [time = '', target, type, ...data] = line.split(',').map(decode);
  return /^\d+$/.test(time) && target !== undefined && type ? { target, type, data } : undefined;
}

function decode(field: string): string {
  return field.replaceAll('%!(VAGRANT_COMMA)', ',').replaceAll('\\n', '\n').replaceAll('\\r', '\r');
}

/** State of each machine in the words of the hypervisor's plug-in: running, not_created, shutoff, poweroff, … */
export function statesOf(lines: readonly VagrantLine[]): Map<string, string> {
  return new Map(lines.filter(({ type }) => type === 'state').map(({ target, data }) => [target, data[0] ?? '']));
}

/** How to log in to a machine, as Vagrant says. */
export interface SshSettings {
  node: string;
  host: string;
  port: number;
  user: string;
  identityFile: string;
}

/** Reads the output of `vagrant ssh-config`: an ssh_config block for each machine. The first IdentityFile counts. */
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

/** The error that ended a command: Vagrant's class of it, and its message. */
export function errorOf(lines: readonly VagrantLine[]): { name: string; text: string } | undefined {
  const line = lines.find(({ type }) => type === 'error-exit');
  return line && { name: line.data[0] ?? '', text: line.data.slice(1).join(',') };
}

/** A line as progress for the user: the machine and what happens to it. */
export function progressOf({ target, type, data }: VagrantLine): string | undefined {
  if (type !== 'ui' || data[0] === 'error') return undefined;
  const text = (data[1] ?? '').replace(/^(==>|\s)*/, '').split('\n')[0] ?? '';
  const message = text.startsWith(`${target}: `) ? text.slice(target.length + 2).trim() : text.trim();
  // Settings of the machine, and failed logins while it boots.
  if (message === '' || message.startsWith('-- ') || message.startsWith('Warning:')) return undefined;
  return target ? `${target}: ${message}` : message;
}
