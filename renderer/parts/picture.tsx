import './picture.css';
import type { ReactNode } from 'react';
import done from '../../assets/illustrations/done.svg';
import insertCard from '../../assets/illustrations/insert-card.svg';
import moneyBack from '../../assets/illustrations/money-back.svg';
import outOfService from '../../assets/illustrations/out-of-service.svg';
import payBankCard from '../../assets/illustrations/pay-bank-card.svg';
import payMobile from '../../assets/illustrations/pay-mobile.svg';
import printReceipt from '../../assets/illustrations/print-receipt.svg';
import putCardBack from '../../assets/illustrations/put-card-back.svg';
import readCard from '../../assets/illustrations/read-card.svg';
import refuseCard from '../../assets/illustrations/refuse-card.svg';
import staff from '../../assets/illustrations/staff.svg';
import takeCard from '../../assets/illustrations/take-card.svg';
import takeReceipt from '../../assets/illustrations/take-receipt.svg';
import terminalCancel from '../../assets/illustrations/terminal-cancel.svg';
import terminalDeclined from '../../assets/illustrations/terminal-declined.svg';
import terminalWait from '../../assets/illustrations/terminal-wait.svg';
import twoCards from '../../assets/illustrations/two-cards.svg';
import wait from '../../assets/illustrations/wait.svg';
import writeCard from '../../assets/illustrations/write-card.svg';

const pictures = {
  done,
  'insert-card': insertCard,
  'money-back': moneyBack,
  'out-of-service': outOfService,
  'pay-bank-card': payBankCard,
  'pay-mobile': payMobile,
  'print-receipt': printReceipt,
  'put-card-back': putCardBack,
  'read-card': readCard,
  'refuse-card': refuseCard,
  staff,
  'take-card': takeCard,
  'take-receipt': takeReceipt,
  'terminal-cancel': terminalCancel,
  'terminal-declined': terminalDeclined,
  'terminal-wait': terminalWait,
  'two-cards': twoCards,
  wait,
  'write-card': writeCard,
} as const;

export type PictureName = keyof typeof pictures;

/** What is referred to stays loaded. */
const loaded: HTMLImageElement[] = [];

/** Load every picture ahead, so that none is missing from a screen's first frame. */
export function loadPictures(): void {
  for (const src of Object.values(pictures)) {
    const image = new Image();
    image.src = src;
    loaded.push(image);
  }
}

/** An illustration. It repeats what the words beside it say, so it is silent to a screen reader. */
export function Picture({ name }: { readonly name: PictureName }): ReactNode {
  return (
    <img
      key={name}
      className="picture"
      data-picture={name}
      src={pictures[name]}
      alt=""
      draggable={false}
      decoding="sync"
    />
  );
}
