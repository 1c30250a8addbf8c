/**
 * 2026-01-31 12:00, in this computer's time zone.
 * @param time as in 2026-01-31T12:00:00.000Z
 */
export function saidTime(time: string): string {
  const at = new Date(time);
  const two = (number: number) => String(number).padStart(2, '0');
  const day = [at.getFullYear(), two(at.getMonth() + 1), two(at.getDate())].join('-');
  return `${day} ${two(at.getHours())}:${two(at.getMinutes())}`;
}
