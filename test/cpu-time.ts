/**
 * Milliseconds of CPU time that this process has used: unlike the clock's they do not grow while others use the computer.
 */
export function cpuTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
