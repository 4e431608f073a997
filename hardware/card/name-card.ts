import type { CardRefusal } from '../../main/contract/card.ts';
import { answerTo, type CardResponse, type CommandAnswer, commandApdu } from './apdu.ts';
import { uint16Bytes } from './bytes.ts';
import { fromHex, toHex } from './hex.ts';
import type { CardLink } from './link.ts';
import type { Fault } from './port.ts';
import { parseSelect, selectByName } from './select.ts';

/** Names that a reader gives memory cards in the ATR that it makes up for them (PC/SC part 3 supplement, table 3). */
const storageCards: Readonly<Record<string, string>> = {
  // 1K, 4K, Mini.
  '0001': 'mifare-classic',
  '0002': 'mifare-classic',
  '0026': 'mifare-classic',
  // Plain, and C.
  '0003': 'mifare-ultralight',
  '003A': 'mifare-ultralight',
  '003B': 'felica',
};

/** 4F, length, RID of the PC/SC workgroup; the standard and then two bytes of name follow (PC/SC part 3, 3.1.3.2.3.2). */
const storageCardAtr = /^3B8F8001804F0CA000000306..(....)/;

/** All DESFire generations, contactless (PC/SC part 3, 3.1.3.2.3.1: the one historical byte is 80). */
const desfireAtr = '3B8180018080';

type KnownApplication = { readonly name: string; readonly dfName: Uint8Array };

/** Applications by which a card that is not served can be named. */
const knownApplications: readonly KnownApplication[] = [
  // 交通联合, as a purse and beside a bank's (cards.md 1.1).
  { name: 't-union', dfName: fromHex('A000000632010105') },
  { name: 't-union', dfName: fromHex('A000000632010106') },
  // 住建部 (cards.md 1.1).
  { name: 'city-card', dfName: fromHex('A00000000386980701') },
  // KS X 6924, by operator (proxmark3 cmdhfksx6924, metrodroid KSX6924Application).
  { name: 't-money', dfName: fromHex('D4100000030001') },
  { name: 'cashbee', dfName: fromHex('D4100000140001') },
  // "1TIC.ICA": how the names of Calypso's public transport applications begin.
  { name: 'calypso', dfName: new TextEncoder().encode('1TIC.ICA') },
];

/** EMV contactless and contact payment environments (EMV Book B 11.3, Book 1 11.3). City cards may have one, so they come last. */
const paymentEnvironments: readonly KnownApplication[] = [
  { name: 'bank-card', dfName: new TextEncoder().encode('2PAY.SYS.DDF01') },
  { name: 'bank-card', dfName: new TextEncoder().encode('1PAY.SYS.DDF01') },
];

export type NameCardAnswer =
  | { readonly kind: 'done'; readonly name: string | null }
  | { readonly kind: 'failed'; readonly fault: Fault };

/** Why a card without applications is not served; null where it may have some: a memory card is asked for none. */
export function nameMemoryCard(atr: Uint8Array): CardRefusal | null {
  const code = storageCardAtr.exec(toHex(atr))?.[1];
  return code === undefined ? null : { kind: 'unknown-card', name: storageCards[code] ?? null };
}

/** What kind of card this is, for the screen. Nothing is kept of what is read. */
export async function nameCard(link: CardLink): Promise<NameCardAnswer> {
  const atr = toHex(link.atr);
  const byApplication = await firstToAnswer(link, knownApplications);
  if (byApplication.kind === 'failed' || byApplication.name !== null) return byApplication;
  const byFile = await nameByFile(link);
  if (byFile.kind === 'failed' || byFile.name !== null) return byFile;
  const asBankCard = await firstToAnswer(link, paymentEnvironments);
  if (asBankCard.kind === 'failed' || asBankCard.name !== null) return asBankCard;
  return named(atr.startsWith(desfireAtr) ? 'desfire' : null);
}

async function firstToAnswer(
  link: CardLink,
  applications: readonly KnownApplication[],
): Promise<NameCardAnswer> {
  for (const { name, dfName } of applications) {
    const answer = await link.send(selectByName(dfName), parseSelect);
    if (answer.kind === 'failed') return answer;
    if (answer.kind === 'done') return named(name);
  }
  return named(null);
}

/** Cards whose application has a file identifier only: CEPAS 4000, toll cards 1001 (cards.md 4, 1.2). */
async function nameByFile(link: CardLink): Promise<NameCardAnswer> {
  for (const { name, file, read, isIt } of knownFiles) {
    const top = await link.send(selectFile(0x3f00), parseSelect);
    if (top.kind === 'failed') return top;
    const selected = await link.send(selectFile(file), parseSelect);
    if (selected.kind === 'failed') return selected;
    if (selected.kind !== 'done') continue;
    const held = await link.send(read, (response) => whatIsHeld(response));
    if (held.kind === 'failed') return held;
    if (held.kind === 'done' && isIt(held.value)) return named(name);
  }
  return named(null);
}

/** Other cards may have a file of that number as well, so what is in it must fit. */
const knownFiles = [
  {
    name: 'cepas',
    file: 0x4000,
    // READ PURSE of purse 3: its last transaction ends at byte 62.
    read: commandApdu({ cla: 0x90, ins: 0x32, p1: 0x03, p2: 0x00, le: 256 }),
    isIt: (purse: Uint8Array) => purse.length >= 62,
  },
  {
    name: 'etc-card',
    file: 0x1001,
    // READ BINARY of the issuer, at the start of file 15.
    read: commandApdu({ cla: 0x00, ins: 0xb0, p1: 0x95, p2: 0x00, le: 8 }),
    isIt: isProvince,
  },
];

/** Toll cards begin with their province, two Chinese characters in GB 2312; other cards number their issuer. */
function isProvince(issuer: Uint8Array): boolean {
  return (
    issuer.length === 8 &&
    issuer.subarray(0, 4).every((byte, at) => byte >= (at % 2 === 0 ? 0xb0 : 0xa1) && byte < 0xff)
  );
}

/** SELECT by file identifier (ISO 7816-4 7.1.1). */
function selectFile(identifier: number): Uint8Array {
  const data = uint16Bytes(identifier);
  return commandApdu({ cla: 0x00, ins: 0xa4, p1: 0x00, p2: 0x00, data, le: 256 });
}

function whatIsHeld(response: CardResponse): CommandAnswer<Uint8Array> {
  const { data } = response;
  return answerTo({ name: 'reading', meanings: {} }, response, data.length, () => data);
}

function named(name: string | null): NameCardAnswer {
  return { kind: 'done', name };
}
