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
  /** What the person must know: nothing for a top-up that is done. */
  readonly note: Readonly<Record<Receipt['kind'], string | null>>;
  readonly thanks: Readonly<Record<Receipt['kind'], string>>;
};

const simplified: ReceiptWords = {
  title: { 'top-up': '充值凭条', 'paid-back': '退款凭条', unresolved: '待核实凭条' },
  amount: { 'top-up': '充值金额', 'paid-back': '退款金额', unresolved: '支付金额' },
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
    'top-up': null,
    'paid-back': '本次充值未成功，款项将原路退回，到账时间以支付机构为准。',
    unresolved: '请妥善保管本凭条。您的款项正在核实，请凭流水号查询结果。',
  },
  thanks: {
    'top-up': '感谢使用，请收好卡片',
    'paid-back': '感谢您的谅解',
    unresolved: '给您带来不便，敬请谅解',
  },
};

const traditional: ReceiptWords = {
  title: { 'top-up': '增值收據', 'paid-back': '退款收據', unresolved: '待核實收據' },
  amount: { 'top-up': '增值金額', 'paid-back': '退款金額', unresolved: '付款金額' },
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
    'top-up': null,
    'paid-back': '是次增值未能完成，款項將退回原付款方式，入帳時間視乎支付機構而定。',
    unresolved: '請保留此收據。您的款項正在核實，請憑交易編號查詢結果。',
  },
  thanks: {
    'top-up': '感謝使用，請取回卡片',
    'paid-back': '感謝您的諒解',
    unresolved: '不便之處，敬請原諒',
  },
};

const english: ReceiptWords = {
  title: {
    'top-up': 'TOP-UP RECEIPT',
    'paid-back': 'REFUND RECEIPT',
    unresolved: 'PAYMENT BEING CHECKED',
  },
  amount: { 'top-up': 'Amount added', 'paid-back': 'Amount refunded', unresolved: 'Amount paid' },
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
    'top-up': null,
    'paid-back':
      'The top-up did not go through. Your money goes back the way you paid; when it arrives depends on your bank.',
    unresolved:
      'Keep this slip: your money is being checked. Give the reference above to ask about it.',
  },
  thanks: {
    'top-up': 'Thank you. Please take your card.',
    'paid-back': 'We are sorry for the trouble.',
    unresolved: 'We are sorry for the trouble.',
  },
};

export const receiptWords: Readonly<Record<Language, ReceiptWords>> = {
  'zh-Hans': simplified,
  'zh-Hant': traditional,
  en: english,
};
