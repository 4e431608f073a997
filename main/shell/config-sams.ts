import { z } from 'zod';
import { cardFamilies } from '../../hardware/card/registry.ts';
import { realReader, section, tcpLine, text } from './config-values.ts';

const names = cardFamilies.map(({ name }) => name);
const mustBeFamily = `must be one of ${names.map((name) => `"${name}"`).join(', ')}`;
const family = z.string(mustBeFamily).refine((name) => names.includes(name), mustBeFamily);

/** A SAM card in a reader's slot of its own. `settings`: what differs from one SAM to the next, by its family. */
export const cardSam = z
  .strictObject(
    { driver: z.literal('card'), family, reader: realReader, settings: z.unknown() },
    section,
  )
  .superRefine((sam, context) => {
    const kind = cardFamilies.find(({ name }) => name === sam.family)?.samCard ?? null;
    if (kind === null) {
      const message = 'must be a family whose load authority can be a SAM card';
      context.addIssue({ code: 'custom', path: ['family'], message });
      return;
    }
    const read = kind.settings.safeParse(sam.settings, { reportInput: true });
    for (const issue of read.error?.issues ?? []) {
      const { path, message } = issue;
      context.addIssue({ code: 'custom', path: ['settings', ...path], message });
    }
  });
export type CardSamConfig = z.infer<typeof cardSam>;

const pemFile = text(/./, 'must be the path of a PEM file');

/** A load authority behind a host. What the two know each other by stands in files of their own. */
export const remoteSam = z.strictObject(
  {
    driver: z.literal('remote'),
    families: z
      .array(family, 'must be a list of card families')
      .min(1, 'must list at least one card family'),
    host: tcpLine.shape.host,
    port: tcpLine.shape.port,
    /** The name in the host's certificate, where it is not the host. */
    serverName: tcpLine.shape.host.optional(),
    caFile: pemFile,
    certificateFile: pemFile,
    privateKeyFile: pemFile,
  },
  section,
);
export type RemoteSamConfig = z.infer<typeof remoteSam>;

type AnySam = CardSamConfig | RemoteSamConfig | { readonly driver: 'simulated' };

/** Whose cards a load authority is for; a simulated one is for all that are left. */
export function servedBy(sam: AnySam): readonly string[] {
  switch (sam.driver) {
    case 'card':
      return [sam.family];
    case 'remote':
      return sam.families;
    case 'simulated':
      return ['simulated'];
  }
}

/** A family without a load authority has cards that can be read here, and not topped up. */
export function sams<Sam extends AnySam>(sam: z.ZodType<Sam>) {
  return z
    .array(sam, 'must be a list of load authorities')
    .refine(
      (listed) => new Set(listed.flatMap(servedBy)).size === listed.flatMap(servedBy).length,
      'must name each card family once',
    )
    .default([]);
}
