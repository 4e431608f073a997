import type { ModelWorld } from './world.ts';

/** What the outside books say went wrong with people's money. Empty: nothing. */
export function losses(world: ModelWorld): readonly string[] {
  const found: string[] = [];
  for (const [reference, { count }] of world.loads) {
    if (count > 1) found.push(`${reference} was loaded ${count} times`);
  }
  for (const [reference, payment] of world.payments) {
    const loaded = world.loads.has(reference);
    const attempt = world.journal.get(reference);
    const oneTaken = attempt?.means.phases === 'one' && payment.status === 'authorised';
    const taken = payment.status === 'captured' || oneTaken;
    if (taken && !loaded) found.push(`${reference} was paid and not loaded`);
    if (!taken && loaded) found.push(`${reference} was loaded and not paid`);
    if (!taken && payment.status === 'authorised') found.push(`${reference} is held and forgotten`);
  }
  return [...found, ...falseSlips(world)];
}

/**
 * A slip that says how it ended is given out once, and so is one that says it is unresolved. What is marked as a duplicate is one
 * of a slip that is in the tray, or may be.
 */
function falseSlips({ slips, doubtful }: ModelWorld): readonly string[] {
  const originals = new Set<string>();
  const inTray = new Set(doubtful);
  return slips.flatMap(({ reference, kind, copy }) => {
    const slip = `${reference} ${kind}`;
    const isHonest = inTray.has(slip);
    inTray.add(slip);
    if (copy === 'duplicate') {
      return isHonest ? [] : [`${reference} has a duplicate of a slip that cannot be anywhere`];
    }
    const what = `${reference} ${kind === 'unresolved' ? kind : 'receipt'}`;
    const isFirst = !originals.has(what);
    originals.add(what);
    return isFirst ? [] : [`${what} was given out twice`];
  });
}
