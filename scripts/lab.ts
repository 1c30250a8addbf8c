export async function main(argv: string[]) {
  const { run } = await import('./commands/run.ts');
  try { process.exitCode = await run(argv[3] as string, { setup: true }, { json: false, loudness: 'verbose' }); } catch (e: any) { process.stderr.write((e.describe?.() ?? e.stack) + '\n'); process.exitCode = 70; }
}
