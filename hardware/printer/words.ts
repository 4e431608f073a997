import type { Language } from '../../main/contract/language.ts';
import type { MeansKind } from '../../main/contract/payment.ts';
import type { Receipt } from '../../main/contract/receipt.ts';

/** The words of a receipt in one language. */
export type ReceiptWords = {
  readonly title: Readonly<Record<Receipt['kind'], string>>;
  readonly amount: Readonly<Record<Receipt['kind'], string>>;
  readonly duplicate: string;
  readonly before: string;
  readonly after: string;
  readonly card: string;
  readonly means: string;
  readonly meansNames: Readonly<Record<MeansKind, string>>;
  readonly terminalReceipt: string;
  readonly time: string;
  readonly station: string;
  readonly machine: string;
  readonly reference: string;
  readonly help: string;
  /** What the person must know, in paragraphs: nothing for a top-up that is done. */
  readonly note: Readonly<Record<Receipt['kind'], readonly string[]>>;
  /** Under the code of a claim: what it is good for. */
  readonly signed: string;
  readonly thanks: Readonly<Record<Receipt['kind'], string>>;
};

const simplified: ReceiptWords = {
  title: { 'top-up': '充值凭条', 'paid-back': '退款凭条', unresolved: '待核实款项凭证' },
  amount: { 'top-up': '充值金额', 'paid-back': '退款金额', unresolved: '待核实金额' },
  duplicate: '补打',
  before: '充值前余额',
  after: '充值后余额',
  card: '卡号',
  means: '支付方式',
  meansNames: { 'bank-card': '银行卡', mobile: '手机支付' },
  terminalReceipt: '支付凭证号',
  time: '交易时间',
  station: '站点',
  machine: '设备编号',
  reference: '流水号',
  help: '咨询',
  note: {
    'top-up': [],
    'paid-back': ['本次充值未成功，款项将原路退回，到账时间以支付机构为准。'],
    unresolved: [
      '您的钱不会丢。随时把这张卡再插入本机，即可了结或查看进度。',
      '或保留本凭证，凭流水号来电查询。',
    ],
  },
  thanks: {
    'top-up': '感谢使用，请收好卡片',
    'paid-back': '感谢您的谅解',
    unresolved: '给您带来不便，敬请谅解',
  },
  signed: '二维码由本机签名，是您的凭据',
};

const traditional: ReceiptWords = {
  title: { 'top-up': '增值收據', 'paid-back': '退款收據', unresolved: '待核實款項憑證' },
  amount: { 'top-up': '增值金額', 'paid-back': '退款金額', unresolved: '待核實金額' },
  duplicate: '補印',
  before: '增值前餘額',
  after: '增值後餘額',
  card: '卡號',
  means: '付款方式',
  meansNames: { 'bank-card': '銀行卡', mobile: '手機支付' },
  terminalReceipt: '付款編號',
  time: '交易時間',
  station: '車站',
  machine: '機號',
  reference: '交易編號',
  help: '查詢',
  note: {
    'top-up': [],
    'paid-back': ['是次增值未能完成，款項將退回原付款方式，入帳時間視乎支付機構而定。'],
    unresolved: [
      '您的錢不會遺失。隨時把這張卡再插入本機，即可了結或查看進度。',
      '或保留此單，憑交易編號來電查詢。',
    ],
  },
  thanks: {
    'top-up': '感謝使用，請取回卡片',
    'paid-back': '感謝您的諒解',
    unresolved: '不便之處，敬請原諒',
  },
  signed: '二維碼由本機簽署，是您的憑據',
};

const english: ReceiptWords = {
  title: {
    'top-up': 'TOP-UP RECEIPT',
    'paid-back': 'REFUND RECEIPT',
    unresolved: 'MONEY CLAIM',
  },
  amount: {
    'top-up': 'Amount added',
    'paid-back': 'Amount refunded',
    unresolved: 'Amount being checked',
  },
  duplicate: 'DUPLICATE',
  before: 'Balance before',
  after: 'Balance after',
  card: 'Card',
  means: 'Paid by',
  meansNames: { 'bank-card': 'Bank card', mobile: 'Mobile payment' },
  terminalReceipt: 'Payment ref.',
  time: 'Time',
  station: 'Station',
  machine: 'Machine',
  reference: 'Reference',
  help: 'Help',
  note: {
    'top-up': [],
    'paid-back': [
      'The top-up did not go through. Your money goes back the way you paid; when it arrives depends on your bank.',
    ],
    unresolved: [
      'Nothing is lost. Put the same card in again at this machine, at any time: it is settled, or you see how it stands.',
      'Or keep this slip and call: the reference is your claim number.',
    ],
  },
  thanks: {
    'top-up': 'Thank you. Please take your card.',
    'paid-back': 'We are sorry for the trouble.',
    unresolved: 'We are sorry for the trouble.',
  },
  signed: 'Signed proof of your claim',
};

export const receiptWords: Readonly<Record<Language, ReceiptWords>> = {
  'zh-Hans': simplified,
  'zh-Hant': traditional,
  en: english,
};
