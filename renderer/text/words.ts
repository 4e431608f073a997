import type { CardLogRow } from '../../main/contract/card.ts';
import type { DeviceFault, DeviceName } from '../../main/contract/device.ts';
import type { DeclineReason, MeansKind } from '../../main/contract/payment.ts';
import type { AccountEnding, LoadStep, Screen, Slip } from '../../main/contract/view.ts';

type ScreenOf<K extends Screen['kind']> = Extract<Screen, { kind: K }>;

/** A question or statement, and the sentence under it that says what to do or what happens next. */
export type Saying = { readonly title: string; readonly lead: string };

/** Cards that are not served anywhere by this kiosk, and can be told apart. */
type KnownCard =
  | 'bank-card'
  | 't-union'
  | 'city-card'
  | 'etc-card'
  | 'mifare-classic'
  | 'mifare-ultralight'
  | 'felica'
  | 'desfire'
  | 'calypso'
  | 'cepas'
  | 't-money'
  | 'cashbee';

/**
 * Everything the kiosk says, in one language. Amounts, dates and numbers arrive already written.
 * A language that lacks a sentence does not compile.
 */
export type Words = {
  /** The language's own name for itself. */
  readonly name: string;
  readonly chooseLanguage: string;
  readonly needHelp: string;
  /** After something else that can be done. */
  readonly call: (helpLine: string) => string;
  readonly date: (year: number, month: number, day: number) => string;
  /** A day in this year's calendar, short, for the list of past journeys. */
  readonly day: (month: number, day: number) => string;
  readonly seconds: (seconds: number) => string;

  readonly keys: {
    readonly back: string;
    readonly cancel: string;
    readonly finish: string;
    readonly retry: string;
    readonly topUp: string;
    readonly endVisit: string;
    readonly confirm: string;
    readonly otherAmount: string;
    readonly presets: string;
    readonly add: (amount: string) => string;
    readonly erase: string;
    readonly moneyBack: string;
    readonly understood: string;
    readonly moreTime: string;
    readonly printReceipt: string;
    readonly printCopy: string;
    /** In a list; `printReceipt` in full for who hears it. */
    readonly print: string;
    readonly findMoney: string;
    readonly lookUp: string;
    readonly askNow: string;
    readonly finishTopUp: string;
    readonly payBack: string;
  };

  readonly balance: string;
  readonly before: string;
  readonly after: string;
  readonly topUpAmount: string;
  readonly cardNumber: string;
  readonly validTo: string;
  readonly reference: string;
  readonly means: Readonly<Record<MeansKind, string>>;

  /** Why an amount, a card or a means is not possible now, and what is. Short: they stand on keys. */
  readonly obstacle: {
    readonly aboveBalanceCap: (cap: string) => string;
    readonly aboveLoadCap: (cap: string) => string;
    readonly belowMinimum: (minimum: string) => string;
    readonly notAStep: (step: string) => string;
    readonly cardFull: string;
    readonly cardExpired: (date: string) => string;
    readonly cardNotYetValid: (date: string) => string;
    readonly cardDisabled: string;
    readonly device: Readonly<Record<DeviceName, string>>;
    /** Of a means of payment that is not offered for a while. */
    readonly suspended: string;
  };
  readonly device: Readonly<Record<DeviceName, string>>;
  readonly fault: Readonly<Record<DeviceFault, string>>;

  readonly starting: Saying;
  readonly attract: Saying & {
    readonly noTopUp: string;
    /** Of cards that can be read and not topped up just now, while others can. Several titles are written as a list. */
    readonly balanceOnly: (titles: string) => string;
    readonly noReceipt: string;
    readonly payWith: string;
    readonly notNow: string;
    readonly suspended: Readonly<Record<MeansKind, string>>;
    readonly payInstead: Readonly<Record<MeansKind, string>>;
  };
  readonly reading: Saying;
  readonly card: {
    readonly title: string;
    readonly blockedTitle: string;
    /** It is the machine that cannot, not the card. */
    readonly notHere: Saying & {
      /** In place of the lead where other cards can be topped up. */
      readonly thisKind: string;
    };
    readonly history: string;
    readonly noHistory: string;
    readonly rows: Readonly<Record<CardLogRow['kind'], string>>;
  };
  readonly amount: {
    readonly title: string;
    readonly typeTitle: string;
    readonly fillTo: (balance: string) => string;
    /** Under an amount that can be chosen: the balance it makes. An amount follows. */
    readonly makes: string;
    readonly range: (least: string, most: string) => string;
  };
  readonly confirm: {
    readonly title: string;
    readonly room: string;
    readonly receipt: string;
    readonly yes: string;
    readonly no: string;
  };
  readonly chooseMeans: Saying;
  readonly pay: {
    readonly preparing: Saying;
    readonly present: Readonly<Record<MeansKind, Saying>>;
    readonly cancelling: Saying;
    readonly toPay: string;
  };
  readonly checkingPayment: Saying;
  readonly holdCard: Readonly<Record<LoadStep, Saying>> & {
    readonly steps: Readonly<Record<LoadStep, string>>;
    readonly stepsLabel: string;
  };
  readonly putCardBack: {
    readonly why: Readonly<
      Record<
        ScreenOf<'put-card-back'>['why'],
        {
          readonly title: string;
          /** `last`: the last digits of the card's number. */
          readonly lead: (last: string, amount: string) => string;
        }
      >
    >;
    /** After a restart: the card decides whether it is finished or paid back. */
    readonly settlesLead: (last: string, amount: string) => string;
    readonly cardTimeLeft: string;
    readonly readerTimeLeft: string;
  };
  readonly moneyBack: {
    readonly step: Readonly<
      Record<
        ScreenOf<'money-back'>['step'],
        { readonly title: string; readonly lead: (amount: string) => string }
      >
    >;
    readonly why: Readonly<Record<ScreenOf<'money-back'>['why'], string>>;
  };
  readonly done: {
    readonly title: string;
    readonly lead: (amount: string) => string;
    readonly receiptNext: (amount: string) => string;
  };
  readonly receipt: Readonly<Record<Slip['state'], Saying>> & {
    readonly qr: string;
  };
  /** Beside something more important, in a sentence. */
  readonly slip: Readonly<Record<Slip['state'], string>>;
  readonly slipFirst: Saying;
  readonly takeCard: Saying;
  readonly declined: Readonly<Record<DeclineReason, Saying>> & { readonly noMoney: string };
  readonly refusedCard: Readonly<Record<ScreenOf<'refused-card'>['reason'], Saying>> & {
    /** What an unknown card looks like, and where it belongs. What to put in instead follows. */
    readonly known: Readonly<Record<KnownCard, Saying>>;
  };
  readonly seeStaff: {
    readonly title: string;
    readonly why: Readonly<Record<ScreenOf<'see-staff'>['why'], (amount: string) => string>>;
    readonly qr: string;
    readonly keep: string;
    readonly cardBack: string;
  };
  readonly findMoney: {
    readonly title: string;
    readonly insert: Saying;
    readonly cardDown: string;
    readonly type: string;
    readonly orType: string;
    readonly hint: string;
    readonly unknown: (reference: string) => string;
    readonly orCard: string;
    readonly looking: Saying;
  };
  readonly account: {
    readonly title: string;
    /** `last`: the last digits of the card's number. */
    readonly ofCard: (last: string) => string;
    readonly none: Saying;
    /** In a list only the title. */
    readonly ending: Readonly<Record<AccountEnding, Saying>>;
    readonly at: string;
    readonly newBalance: (balance: string) => string;
  };
  readonly unfinished: {
    readonly title: string;
    /** `last`: the last digits of the card's number. */
    readonly lead: (last: string, amount: string) => string;
    readonly timeLeft: string;
  };
  readonly outOfService: Saying & {
    readonly settling: Saying;
    readonly balanceWorks: string;
    /** After the first of a technician's notes. */
    readonly seeLog: string;
  };
  readonly idle: Saying;
  readonly oneMoment: Saying;
};
